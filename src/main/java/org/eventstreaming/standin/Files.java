package org.eventstreaming.standin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The files of the site: a document of the type File each, and contents by their address. */
final class Files {
  static final String DOCTYPE = "File";
  private static final Pattern PART =
      Pattern.compile(
          "Content-Disposition: form-data; name=\"([^\"]*)\"(?:; filename=\"([^\"]*)\")?.*");

  private final Documents documents;
  private final Writes writes;
  private final Map<String, byte[]> contents = new ConcurrentHashMap<>();

  Files(Documents documents, DocTypes docTypes, Writes writes) {
    this.documents = documents;
    this.writes = writes;
    var described = FrappeJson.object().put("name", DOCTYPE).put("doctype", "DocType");
    var fields = described.putArray("fields");
    for (var field :
        List.of(
            "file_name",
            "file_url",
            "attached_to_doctype",
            "attached_to_field",
            "content_hash",
            "folder")) {
      fields.addObject().put("fieldname", field).put("fieldtype", "Data");
    }
    fields
        .addObject()
        .put("fieldname", "attached_to_name")
        .put("fieldtype", "Dynamic Link")
        .put("options", "attached_to_doctype");
    fields.addObject().put("fieldname", "is_private").put("fieldtype", "Check");
    fields.addObject().put("fieldname", "file_size").put("fieldtype", "Int");
    docTypes.put(described);
  }

  /** Another content under a name that is taken gets a name of its own, as on a site. */
  synchronized ObjectNode attach(
      String doctype,
      String name,
      String field,
      String fileName,
      boolean isPrivate,
      byte[] content) {
    if (documents.find(doctype, name).isEmpty()) {
      throw FrappeError.notFound(doctype, name);
    }
    var hash = md5(content);
    var given = fileName;
    var url = url(given, isPrivate);
    if (contents.containsKey(url) && !md5(contents.get(url)).equals(hash)) {
      var dot = given.lastIndexOf('.') < 0 ? given.length() : given.lastIndexOf('.');
      given = given.substring(0, dot) + hash.substring(hash.length() - 6) + given.substring(dot);
      url = url(given, isPrivate);
    }
    contents.put(url, content.clone());
    var file =
        FrappeJson.object()
            .put("file_name", given)
            .put("file_url", url)
            .put("is_private", isPrivate ? 1 : 0)
            .put("file_size", content.length)
            .put("content_hash", hash)
            .put("attached_to_doctype", doctype)
            .put("attached_to_name", name)
            .put("folder", "Home/Attachments");
    if (!field.isEmpty()) {
      file.put("attached_to_field", field);
    }
    return writes.insert(DOCTYPE, file, false);
  }

  private static String url(String fileName, boolean isPrivate) {
    return (isPrivate ? "/private/files/" : "/files/") + fileName;
  }

  Optional<byte[]> content(String url) {
    return Optional.ofNullable(contents.get(url)).map(byte[]::clone);
  }

  void content(String url, byte[] content) {
    contents.put(url, content.clone());
  }

  void lose(String url) {
    contents.remove(url);
  }

  /** The form of an upload: its fields, and its file. */
  ObjectNode upload(Call call) {
    var boundary =
        "--" + call.headers().getOrDefault("content-type", "").replaceFirst(".*boundary=", "");
    var body = call.binaryBody();
    Map<String, String> fields = new LinkedHashMap<>();
    var fileName = "";
    var content = "";
    for (var part : body.split(Pattern.quote(boundary), -1)) {
      var end = part.indexOf("\r\n\r\n");
      var head = PART.matcher(part.strip().split("\r\n", 2)[0]);
      if (end < 0 || !head.matches()) {
        continue;
      }
      var value = part.substring(end + 4, part.length() - 2);
      if (head.group(2) != null) {
        fileName = utf8(head.group(2)).replace("%22", "\"");
        content = value;
      } else {
        fields.put(head.group(1), utf8(value));
      }
    }
    return attach(
        fields.getOrDefault("doctype", ""),
        fields.getOrDefault("docname", ""),
        fields.getOrDefault("fieldname", ""),
        fileName,
        "1".equals(fields.get("is_private")),
        content.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String utf8(String binary) {
    return new String(binary.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  private static String md5(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
