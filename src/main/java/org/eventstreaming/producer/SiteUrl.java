package org.eventstreaming.producer;

import java.util.regex.Pattern;

/** The address of a site as it is compared and written everywhere: no slash at the end. */
public final class SiteUrl {
  private static final Pattern SCHEME = Pattern.compile("https?://.*", Pattern.DOTALL);
  private static final Pattern HOST =
      Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?");
  private static final int HIGHEST_PORT = 65_535;

  private SiteUrl() {}

  /**
   * The address without the one slash that may end it.
   *
   * @throws IllegalArgumentException saying what an address must be, without showing it: it may
   *     hold a password
   */
  public static String of(String text) {
    if (!SCHEME.matcher(text).matches()) {
      throw new IllegalArgumentException("must start with http:// or https://");
    }
    var host = text.indexOf("://") + "://".length();
    var end = text.length() > host && text.endsWith("/") ? text.length() - 1 : text.length();
    var rest = text.substring(host, end);
    if (rest.contains("@")) {
      throw new IllegalArgumentException("must not hold a user or password");
    }
    if (rest.contains("?") || rest.contains("#")) {
      throw new IllegalArgumentException("must not hold a query: nothing follows host and port");
    }
    if (rest.contains("/")) {
      throw new IllegalArgumentException("must not hold a path: nothing follows host and port");
    }
    if (!HOST.matcher(rest).matches() || port(rest) > HIGHEST_PORT) {
      throw new IllegalArgumentException(
          "must name a host, and a port if need be, as in https://hq.example.com:8443");
    }
    return text.substring(0, end);
  }

  private static int port(String authority) {
    var colon = authority.lastIndexOf(':');
    return colon < 0 || authority.endsWith("]")
        ? 0
        : Integer.parseInt(authority.substring(colon + 1));
  }
}
