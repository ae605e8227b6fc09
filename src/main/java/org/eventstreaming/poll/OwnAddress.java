package org.eventstreaming.poll;

import java.net.URI;

/**
 * The address at which producers call this process.
 *
 * @param url without a slash at the end; never with port 0
 * @param configured whether {@code eventstreaming.url} sets it; else it follows from host and port
 * @param serves whether this process answers at it
 */
public record OwnAddress(String url, boolean configured, boolean serves) {
  /** Whether the other address has the same host. The ports may differ. */
  boolean isBeside(String other) {
    return URI.create(url).getHost().equals(URI.create(other).getHost());
  }
}
