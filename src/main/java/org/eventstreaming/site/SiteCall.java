package org.eventstreaming.site;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request to a site.
 *
 * @param url the site's address, no slash at the end
 * @param path begins with a slash; every part of it is percent-encoded already
 * @param query plain names and values
 * @param form plain names and values of a form body; null sends none
 * @param upload a body that lies in a file; null sends none
 * @param isRead whether it changes nothing there, so that it can be repeated; a read may be a POST
 */
public record SiteCall(
    String method,
    String url,
    String path,
    Map<String, String> query,
    @Nullable Map<String, String> form,
    @Nullable Upload upload,
    Authorization authorization,
    boolean isRead) {
  public SiteCall {
    query = Collections.unmodifiableMap(new LinkedHashMap<>(query));
    form = form == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(form));
  }

  /** A body that lies in a file, and what it is. */
  public record Upload(Path body, String contentType) {}

  /** The query as it stands in the request line. */
  public String rawQuery() {
    return encoded(query);
  }

  /** The body as it is sent; empty where there is none. */
  public String rawForm() {
    return form == null ? "" : encoded(form);
  }

  /** Whether a path can hold a document's name at its end (protocol: frappe-wire 2.3). */
  static boolean survivesInPath(String name) {
    return !name.equals(".") && !name.equals("..") && !name.endsWith("/");
  }

  static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String encoded(Map<String, String> arguments) {
    return arguments.entrySet().stream()
        .map(argument -> segment(argument.getKey()) + "=" + segment(argument.getValue()))
        .collect(Collectors.joining("&"));
  }
}
