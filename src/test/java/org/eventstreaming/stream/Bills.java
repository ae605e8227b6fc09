package org.eventstreaming.stream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.UnaryOperator;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.LinkedUsers;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Source;
import org.eventstreaming.producer.TargetRules;
import org.eventstreaming.producer.TargetSite;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.Request;
import org.eventstreaming.standin.StandInSite;

/** Vouchers of which the code of a site makes something else than was written. */
final class Bills {
  static final String TODAY = "2026-11-29";

  private static final List<String> TYPES =
      List.of(
          "{'name': 'Bill', 'doctype': 'DocType', 'is_submittable': 1, 'autoname': 'prompt', 'fields': ["
              + "{'fieldname': 'title', 'fieldtype': 'Data', 'label': 'Title'},"
              + "{'fieldname': 'set_posting_time', 'fieldtype': 'Check', 'label': 'Edit Posting Date'},"
              + "{'fieldname': 'posting_date', 'fieldtype': 'Date', 'label': 'Date'},"
              + "{'fieldname': 'due', 'fieldtype': 'Datetime', 'label': 'Due'},"
              + "{'fieldname': 'remarks', 'fieldtype': 'Text Editor', 'label': 'Remarks'},"
              + "{'fieldname': 'details', 'fieldtype': 'JSON', 'label': 'Details'},"
              + "{'fieldname': 'stars', 'fieldtype': 'Rating', 'label': 'Stars'},"
              + "{'fieldname': 'bundle', 'fieldtype': 'Link', 'options': 'Bundle', 'label': 'Bundle'},"
              + "{'fieldname': 'against', 'fieldtype': 'Link', 'options': 'Bill', 'label': 'Against'},"
              + "{'fieldname': 'items', 'fieldtype': 'Table', 'options': 'Bill Item', 'label': 'Items'}]}",
          "{'name': 'Bill Item', 'doctype': 'DocType', 'istable': 1, 'fields': ["
              + "{'fieldname': 'thing', 'fieldtype': 'Data', 'label': 'Thing'},"
              + "{'fieldname': 'row', 'fieldtype': 'Data', 'label': 'Row'},"
              + "{'fieldname': 'bundle', 'fieldtype': 'Link', 'options': 'Bundle', 'label': 'Bundle'},"
              + "{'fieldname': 'numbers', 'fieldtype': 'Small Text', 'label': 'Numbers'},"
              + "{'fieldname': 'lot', 'fieldtype': 'Data', 'label': 'Lot'},"
              + "{'fieldname': 'rate', 'fieldtype': 'Float', 'label': 'Rate'}]}",
          "{'name': 'Bundle', 'doctype': 'DocType', 'autoname': 'prompt', 'fields': ["
              + "{'fieldname': 'title', 'fieldtype': 'Data', 'label': 'Title'},"
              + "{'fieldname': 'entries', 'fieldtype': 'Table', 'options': 'Bundle Entry', 'label': 'Entries'}]}",
          "{'name': 'Bundle Entry', 'doctype': 'DocType', 'istable': 1, 'fields': ["
              + "{'fieldname': 'number', 'fieldtype': 'Data', 'label': 'Number'},"
              + "{'fieldname': 'lot', 'fieldtype': 'Data', 'label': 'Lot'}]}");

  private Bills() {}

  static StandInSite site(Generation generation) {
    StandInSite site = StandInSite.start(generation);
    if (generation.streams()) {
      site.approveAll();
    }
    TYPES.forEach(type -> site.putDocType(Here.json(type)));
    return site;
  }

  /** As ERPNext does with an invoice. */
  static UnaryOperator<ObjectNode> resettingTheDate() {
    return bill ->
        bill.path("set_posting_time").asInt() == 1 ? bill : bill.put("posting_date", TODAY);
  }

  /**
   * A producer with a target.
   *
   * @param rules as a site file has them, with single quotes
   */
  static EventProducer producer(
      StandInSite from, Source source, StandInSite to, String rules, ProducerDoctype... rows) {
    TargetSite plain = TargetSiteTest.target(to);
    return TargetSiteTest.producer(
        from,
        source,
        new TargetSite(
            plain.name(),
            plain.access(),
            plain.convertsTimes(),
            LinkedUsers.AS_THEY_ARE,
            TargetRules.shipped().with(Here.parsed(rules.replace('\'', '"')))),
        rows);
  }

  /** What was sent to change documents since the requests were forgotten. */
  static List<String> changes(StandInSite site) {
    return site.requests().stream()
        .filter(request -> request.method().equals("PUT"))
        .map(Request::body)
        .toList();
  }

  static List<String> notes(TestStream stream) {
    return new Here(stream.database())
        .texts("select coalesce(note, '') from event_sync_log order by seq");
  }
}
