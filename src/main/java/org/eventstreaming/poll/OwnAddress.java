package org.eventstreaming.poll;

import java.net.URI;

/**
 * Where producers can call this process.
 *
 * @param url no slash at the end; never with port 0
 * @param configured whether {@code eventstreaming.url} says so; else it follows from host and port
 * @param serves whether this process answers there
 */
public record OwnAddress(String url, boolean configured, boolean serves) {
  /** Whether the other address is one of the same machine, at another port perhaps. */
  boolean isBeside(String other) {
    return URI.create(url).getHost().equals(URI.create(other).getHost());
  }
}
