package org.eventstreaming.update;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a comparison says of one document.
 *
 * @param local what it is called here; null where it is not here
 * @param here the digest of its content here; null where it is not here
 * @param there the digest of what the producer's document is in our words; null where there is none
 * @param why more in a sentence; null where there is nothing to add
 * @param repaired whether it is now as it is there
 */
public record ComparedDocument(
    UpdateLogEntry entry,
    @Nullable DocumentKey local,
    Verdict verdict,
    List<FieldDifference> fields,
    @Nullable String here,
    @Nullable String there,
    @Nullable String why,
    boolean repaired) {
  public ComparedDocument {
    fields = List.copyOf(fields);
  }

  public DocumentKey remote() {
    return entry.remote();
  }

  ComparedDocument asRepaired() {
    return new ComparedDocument(entry, local, verdict, fields, here, there, why, true);
  }

  ComparedDocument unrepaired(@Nullable String because) {
    return new ComparedDocument(entry, local, verdict, fields, here, there, because, false);
  }

  /** How the two sides stand to each other. */
  public enum Verdict {
    EQUAL("equal"),
    DIFFERS("differs"),
    /** The target site does not let all of it become equal: what it is, reports {@code why}. */
    PARTLY("differs, in part for good"),
    /** The same, and nothing of it can. */
    STAYS("differs for good"),
    ONLY_HERE("only here"),
    ONLY_THERE("only there"),
    /** It has another name on the producer, where nothing mentioned that. */
    RENAMED("renamed there"),
    /** Followed here, and does not meet the condition of its type there. */
    LEFT("condition not met"),
    /** The producer did not answer: worth another try. */
    UNREAD("not answered"),
    /** It cannot be read, judged or mapped: the same would come again. */
    REFUSED("cannot be compared");

    private final String text;

    Verdict(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }

    /** Whether it is known what to do to make both sides equal. */
    public boolean isRepairable() {
      return this != EQUAL && this != STAYS && this != UNREAD && this != REFUSED;
    }
  }
}
