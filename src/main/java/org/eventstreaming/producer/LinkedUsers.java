package org.eventstreaming.producer;

import java.util.Map;

/**
 * What becomes of links to users, who are never streamed, on a target site.
 *
 * @param missing what to do about a user that the site does not have
 * @param map what users are called on the site, by what they are called on the producer
 */
public record LinkedUsers(Missing missing, Map<String, String> map) {
  /** Links stay as they are; the site refuses those to users that it does not have. */
  public static final LinkedUsers AS_THEY_ARE = new LinkedUsers(Missing.FAIL, Map.of());

  public LinkedUsers {
    map = Map.copyOf(map);
  }

  /** What to do about a user that the site does not have. */
  public enum Missing {
    /** The site refuses the document. */
    FAIL,
    /** The link is sent empty. */
    LEAVE_OUT,
    /** The user is created there, without roles. */
    CREATE
  }
}
