package org.eventstreaming.files;

import java.util.regex.Pattern;

/** Reports where a text of a file is a secret that whoever may read the file sees. */
public final class PlainSecret {
  private static final String NAME =
      "(api[-_]?key|secret|secret[-_]?key|access[-_]?key|password|passwd|passphrase"
          + "|auth[-_]?token|access[-_]?token)";

  private static final Pattern NAMED = Pattern.compile("(?i).*" + NAME);

  /** In the address of an endpoint or a database: what is no placeholder. */
  private static final Pattern IN_ADDRESS =
      Pattern.compile(
          "(?i)[?&;][-\\w.]*"
              + NAME
              + "=(?!(RAW[({])?(\\{\\{|\\$\\{))[^&;\\s]"
              + "|://[^/@:\\s]+:(?!\\{\\{|\\$\\{)[^/@\\s]+@");

  private PlainSecret() {}

  /** Whether a value of this key is one, or holds one. */
  public static boolean stands(String key, String value) {
    boolean isPlaceholder = value.contains("{{") || value.contains("${");
    return (NAMED.matcher(key).matches() && !isPlaceholder && !value.isBlank())
        || IN_ADDRESS.matcher(value).find();
  }

  /** What is said of it; not what it is. */
  public static String warning(String key) {
    return key
        + " holds a secret as text, which every reader of this file sees: write {{env:NAME}} or"
        + " {{file:/path}} in its place";
  }
}
