package org.eventstreaming.site;

/** What sites write for people is HTML. */
public final class Markup {
  private Markup() {}

  /** The text that these entities stand for, of those that Frappe writes. */
  public static String unescaped(String html) {
    return html.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&nbsp;", " ")
        .replace("&amp;", "&");
  }
}
