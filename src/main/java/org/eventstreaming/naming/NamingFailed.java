package org.eventstreaming.naming;

/** The naming rule gives no name for this document, and would not if it were asked again. */
public final class NamingFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param why what stands in the way, without a full stop
   * @param advice what a person can do, without a full stop
   */
  NamingFailed(String doctype, String remoteName, String rule, String why, String advice) {
    super(
        "Could not name %s %s by the rule \"%s\": %s. It is not stored. %s, or set use_same_name: 1 for this type."
            .formatted(doctype, remoteName, rule, why, advice));
  }
}
