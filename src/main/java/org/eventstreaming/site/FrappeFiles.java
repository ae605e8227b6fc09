package org.eventstreaming.site;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.eventstreaming.update.AttachedFile;
import org.eventstreaming.update.DocumentKey;

/** The files that are attached to documents of a Frappe site (protocol: frappe-wire 7.4). */
public final class FrappeFiles {
  private static final String PUBLIC = "/files/";
  private static final String PRIVATE = "/private/files/";
  private static final String FIELDS =
      "[\"name\",\"modified\",\"attached_to_doctype\",\"attached_to_name\",\"attached_to_field\","
          + "\"file_name\",\"file_url\",\"is_private\",\"file_size\",\"content_hash\"]";
  private static final String DOCTYPE = "File";

  private final SiteWire wire;

  FrappeFiles(SiteWire wire) {
    this.wire = wire;
  }

  /**
   * Files of documents of a type that changed since a moment, by (modified, name).
   *
   * @param later whether what changed at that very moment is left out
   */
  public List<AttachedFile> changed(
      String doctype, String since, boolean later, int start, int limit) {
    ArrayNode filters = SiteWire.in("attached_to_doctype", List.of(doctype));
    filters.addArray().add("modified").add(later ? ">" : ">=").add(since);
    return files(SiteWire.inOrder(FIELDS, filters, start, limit), "list the files of " + doctype);
  }

  /** Files by their names; what is not there is left out. */
  public List<AttachedFile> named(Collection<String> names) {
    return files(
        arguments(SiteWire.in("name", names)), "look for " + names.size() + " attached files");
  }

  /** The files of one document. */
  public List<AttachedFile> of(DocumentKey document) {
    ArrayNode filters = SiteWire.in("attached_to_doctype", List.of(document.doctype()));
    filters.addArray().add("attached_to_name").add("=").add(document.name());
    return files(arguments(filters), "list the files of " + document);
  }

  private static Map<String, String> arguments(ArrayNode filters) {
    Map<String, String> arguments = new LinkedHashMap<>();
    arguments.put("fields", FIELDS);
    arguments.put("filters", filters.toString());
    arguments.put("order_by", FrappeSite.OLDEST_FIRST);
    arguments.put("limit_page_length", "0");
    return arguments;
  }

  private List<AttachedFile> files(Map<String, String> arguments, String purpose) {
    return wire.rows(wire.list(DOCTYPE, arguments), purpose).stream()
        .map(FrappeFiles::file)
        .toList();
  }

  private static AttachedFile file(ObjectNode row) {
    return new AttachedFile(
        text(row, "name"),
        new DocumentKey(text(row, "attached_to_doctype"), text(row, "attached_to_name")),
        text(row, "attached_to_field"),
        text(row, "file_name"),
        text(row, "file_url"),
        row.path("is_private").asInt() == 1,
        row.path("file_size").asLong(),
        text(row, "content_hash"),
        text(row, "modified"));
  }

  private static String text(JsonNode row, String field) {
    return row.path(field).isNull() ? "" : row.path(field).asText();
  }

  /** Whether the content lies on the site itself, where it keeps files. */
  public static boolean isHere(AttachedFile file) {
    return (file.url().startsWith(PUBLIC) || file.url().startsWith(PRIVATE))
        && Arrays.stream(file.url().substring(1).split("/", -1))
            .noneMatch(part -> part.isBlank() || part.equals(".") || part.equals(".."));
  }

  /**
   * The content of a file that {@link #isHere}. Whoever gets it closes it.
   *
   * @throws SiteFailure NOT_FOUND where the site has lost it
   */
  public SiteAnswer content(AttachedFile file) {
    String purpose = "read the file " + file.url() + " of " + file.document();
    String path =
        "/"
            + Arrays.stream(file.url().substring(1).split("/", -1))
                .map(SiteCall::segment)
                .collect(Collectors.joining("/"));
    if (file.url().startsWith(PUBLIC)) {
      return wire.content(path, Map.of(), true, purpose);
    }
    try {
      return wire.content(path, Map.of(), false, purpose);
    } catch (SiteFailure e) {
      if (e.isSilent() || e.kind() == SiteFailure.Kind.FAULT) {
        throw e;
      }
      // a web server that serves files past the site may know nothing of private ones
      return wire.content(
          "/api/method/frappe.core.doctype.file.file.download_file",
          Map.of("file_url", file.url()),
          false,
          purpose);
    }
  }

  /**
   * Attaches a file to a document.
   *
   * @param content where it lies; the form that is sent is written beside it, and removed
   * @return as the site keeps it: another file of that name gives it another address
   */
  public AttachedFile attach(
      DocumentKey document, String field, String fileName, boolean isPrivate, Path content)
      throws IOException {
    String boundary = "file-" + UUID.randomUUID();
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("doctype", document.doctype());
    fields.put("docname", document.name());
    fields.put("is_private", isPrivate ? "1" : "0");
    fields.put("folder", "Home/Attachments");
    if (!field.isEmpty()) {
      fields.put("fieldname", field);
    }
    Path form = content.resolveSibling(boundary);
    try {
      write(form, boundary, fields, fileName, content);
      JsonNode attached =
          wire.json(
                  wire.upload(
                      "/api/method/upload_file",
                      new SiteCall.Upload(form, "multipart/form-data; boundary=" + boundary)),
                  "attach a file to " + document)
              .path("message");
      if (!(attached instanceof ObjectNode row) || text(row, "name").isEmpty()) {
        throw new SiteFailure(
            SiteFailure.Kind.UNREADABLE,
            "The site did not name the file that was attached to " + document);
      }
      return file(row);
    } finally {
      Files.deleteIfExists(form);
    }
  }

  private static void write(
      Path form, String boundary, Map<String, String> fields, String fileName, Path content)
      throws IOException {
    try (OutputStream out = Files.newOutputStream(form);
        InputStream in = Files.newInputStream(content)) {
      for (Map.Entry<String, String> field : fields.entrySet()) {
        out.write(
            utf8(
                "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
                    .formatted(boundary, field.getKey(), field.getValue())));
      }
      out.write(
          utf8(
              "--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\nContent-Type: application/octet-stream\r\n\r\n"
                  .formatted(boundary, quoted(fileName))));
      in.transferTo(out);
      out.write(utf8("\r\n--" + boundary + "--\r\n"));
    }
  }

  /** As browsers write it. */
  private static String quoted(String fileName) {
    return fileName.replace("\"", "%22").replace("\r", "%0D").replace("\n", "%0A");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Deletes a File; the site deletes its content where no other has the same. */
  public void delete(String file) {
    new FrappeWrites(wire).delete(new DocumentKey(DOCTYPE, file));
  }
}
