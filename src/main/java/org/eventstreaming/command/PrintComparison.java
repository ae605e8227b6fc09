package org.eventstreaming.command;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import org.eventstreaming.document.Unread;
import org.eventstreaming.update.ComparedDocument;
import org.eventstreaming.update.ComparedRange;
import org.eventstreaming.update.DocumentJson;
import org.eventstreaming.update.FieldDifference;
import org.eventstreaming.update.ReportComparison;

/**
 * Prints what a comparison finds as it goes on, range by range, since it may take long and find
 * much; the sum of it at the end.
 */
abstract sealed class PrintComparison implements ReportComparison, AutoCloseable {
  final PrintWriter out;
  private long documents;
  private long differing;
  private long repaired;
  private long unread;
  private long notFollowed;
  private long incomparable;
  private long refusedTypes;
  private final Map<String, Unread> unreadable = new TreeMap<>();
  private boolean whole;

  private PrintComparison(PrintWriter out) {
    this.out = out;
  }

  static PrintComparison to(PrintWriter out, String producerUrl, Rows.Format format) {
    return format == Rows.Format.json ? new AsJson(out, producerUrl) : new AsText(out);
  }

  /** All that was to be compared was: what is reported is not only a part. */
  int ended() {
    whole = true;
    return unread + refusedTypes > 0
        ? Command.UNREACHABLE
        : differing + incomparable > repaired ? Command.SOME_FAILED : Command.DONE;
  }

  @Override
  public void compared(ComparedRange range) {
    documents += range.documents().size();
    notFollowed += range.notFollowed();
    unreadable.merge(range.range().doctype(), range.unread(), Unread::and);
    for (ComparedDocument one : range.differences()) {
      if (one.verdict() == ComparedDocument.Verdict.REFUSED) {
        incomparable++;
      } else {
        differing++;
      }
      if (one.repaired()) {
        repaired++;
      }
      if (one.verdict() == ComparedDocument.Verdict.UNREAD) {
        unread++;
      }
    }
    if (range.range().from() != null || !range.isEqual()) {
      print(range);
      out.flush();
    }
  }

  @Override
  public void refused(String doctype, String why) {
    refusedTypes++;
    print(doctype, why);
    out.flush();
  }

  @Override
  public void close() {
    summary();
    out.flush();
  }

  /** The fields that the key may not read, by document type. */
  private Map<String, String> notReadable() {
    Map<String, String> texts = new TreeMap<>();
    unreadable.forEach(
        (doctype, fields) -> {
          if (!fields.isEmpty()) {
            texts.put(doctype, fields.text(doctype));
          }
        });
    return texts;
  }

  abstract void print(ComparedRange range);

  abstract void print(String refusedDoctype, String why);

  abstract void summary();

  /** For people: a line for each range, document and field. */
  private static final class AsText extends PrintComparison {
    private static final int CHECKSUM = 16;
    private static final int LONGEST_VALUE = 60;

    AsText(PrintWriter out) {
      super(out);
    }

    @Override
    void print(ComparedRange range) {
      if (range.range().from() != null) {
        String here = range.checksumHere().substring(0, CHECKSUM);
        String there = range.checksumThere().substring(0, CHECKSUM);
        out.printf(
            "%s, %s to %s: %d here, %d there, %s: %s%n",
            range.range().doctype(),
            range.range().from(),
            range.range().to(),
            range.here(),
            range.there(),
            here.equals(there) ? "checksum " + here : "checksums " + here + " and " + there,
            range.isEqual() ? "equal" : range.differences().size() + " differ");
      }
      range.differences().forEach(this::print);
    }

    private void print(ComparedDocument one) {
      boolean sameName = one.local() == null || one.local().equals(one.remote());
      out.printf(
          "  %s%s: %s%s%s%n",
          one.remote(),
          sameName ? "" : " (here " + one.local() + ")",
          one.verdict().text(),
          one.repaired() ? ", repaired" : "",
          one.why() == null ? "" : ". " + one.why());
      for (FieldDifference field : one.fields()) {
        out.printf(
            "    %s: %s here, %s there%n",
            field.field(), shortened(field.here()), shortened(field.there()));
      }
    }

    private static String shortened(JsonNode value) {
      String text = value.isMissingNode() ? "nothing" : value.toString();
      return text.length() > LONGEST_VALUE ? text.substring(0, LONGEST_VALUE - 1) + "…" : text;
    }

    @Override
    void print(String refusedDoctype, String why) {
      out.println(refusedDoctype + ": not compared. " + why);
    }

    @Override
    void summary() {
      PrintComparison all = this;
      boolean isWhole = all.whole && all.refusedTypes == 0;
      all.notReadable()
          .forEach(
              (doctype, fields) ->
                  out.printf(
                      "%s: fields that the key may not read are not compared: %s%n",
                      doctype, fields));
      out.printf(
          "%d document(s) compared%s: %s%s. %d more there are not followed.%n",
          all.documents - all.incomparable,
          isWhole ? "" : ", not all",
          all.differing == 0
              ? (isWhole ? "all equal" : "equal so far")
              : all.differing + " differ, " + all.repaired + " of them repaired",
          all.incomparable == 0
              ? ""
              : "; %d more cannot be compared, the lines above say why".formatted(all.incomparable),
          all.notFollowed);
    }
  }

  /** For programs: one object. */
  private static final class AsJson extends PrintComparison {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final JsonGenerator json;

    /** What could not be listed, after the ranges. */
    private final ObjectNode refused = JSON.objectNode();

    AsJson(PrintWriter out, String producerUrl) {
      super(out);
      try {
        json = DocumentJson.MAPPER.createGenerator(out).useDefaultPrettyPrinter();
        json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        json.writeStartObject();
        json.writeStringField("producer_url", producerUrl);
        json.writeArrayFieldStart("ranges");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    void print(ComparedRange range) {
      ObjectNode row = JSON.objectNode();
      row.put("ref_doctype", range.range().doctype());
      row.put("from", range.range().from());
      row.put("to", range.range().to());
      row.put("here", range.here());
      row.put("there", range.there());
      row.put("checksum_here", range.checksumHere());
      row.put("checksum_there", range.checksumThere());
      row.put("equal", range.isEqual());
      row.put("not_followed", range.notFollowed());
      range.differences().forEach(one -> row.withArray("/differences").add(row(one)));
      try {
        json.writeTree(row);
        json.flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static ObjectNode row(ComparedDocument one) {
      ObjectNode row = JSON.objectNode();
      row.put("name", one.remote().name());
      row.put("local_name", one.local() == null ? null : one.local().name());
      row.put("difference", one.verdict().text());
      row.put("why", one.why());
      row.put("repaired", one.repaired());
      for (FieldDifference field : one.fields()) {
        row.withArray("/fields")
            .addObject()
            .put("field", field.field())
            .<ObjectNode>set("here", orNull(field.here()))
            .set("there", orNull(field.there()));
      }
      return row;
    }

    private static JsonNode orNull(JsonNode value) {
      return value.isMissingNode() ? JSON.nullNode() : value;
    }

    @Override
    void print(String refusedDoctype, String why) {
      refused.put(refusedDoctype, why);
    }

    @Override
    void summary() {
      PrintComparison all = this;
      try {
        json.writeEndArray();
        json.writeFieldName("not_compared");
        json.writeTree(refused);
        json.writeObjectFieldStart("not_readable");
        for (Map.Entry<String, String> one : all.notReadable().entrySet()) {
          json.writeStringField(one.getKey(), one.getValue());
        }
        json.writeEndObject();
        json.writeBooleanField("complete", all.whole && all.refusedTypes == 0);
        json.writeNumberField("documents", all.documents);
        json.writeNumberField("differing", all.differing + all.incomparable);
        json.writeNumberField("repaired", all.repaired);
        json.writeNumberField("not_followed", all.notFollowed);
        json.writeEndObject();
        json.close();
        out.println();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
