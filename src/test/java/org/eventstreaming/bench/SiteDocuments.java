package org.eventstreaming.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.eventstreaming.document.ChildRows;
import org.eventstreaming.standin.LogEntry;
import org.eventstreaming.standin.RecordedHistory;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.update.DocumentJson;

/** The documents of the benchmark: of 1 KB, with three rows, and recorded Sales Invoices. */
final class SiteDocuments {
  static final int TODOS_A_PROJECT = 10;
  private static final int INVOICES_A_CUSTOMER = 10;
  private static final int ROWS = 3;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);
  private static final List<ObjectNode> INVOICES = recorded("Sales Invoice");
  private static final ObjectNode CUSTOMER = recorded("Customer").get(0);

  private SiteDocuments() {}

  /** Definitions of ToDo, of the Project that it links to, and of the list with rows. */
  static void define(StandInSite site) {
    ObjectNode todo = definition("ToDo", 0);
    for (String name : List.of("priority", "status", "assigned_by", "description")) {
      field(todo, name, "Data", "");
    }
    field(todo, "date", "Date", "");
    field(todo, "project", "Link", "Project");
    site.putDocType(todo);
    ObjectNode project = definition("Project", 0);
    field(project, "title", "Data", "");
    site.putDocType(project);
    ObjectNode list = definition("Pick List", 0);
    field(list, "purpose", "Data", "");
    field(list, "remarks", "Text", "");
    field(list, "locations", "Table", "Pick List Item");
    site.putDocType(list);
    ObjectNode row = definition("Pick List Item", 1);
    field(row, "item_code", "Data", "");
    field(row, "warehouse", "Data", "");
    field(row, "qty", "Float", "");
    site.putDocType(row);
  }

  /** A ToDo of 1 KB that is there. */
  static ObjectNode todo(int i) {
    return standard("TODO-%07d".formatted(i), before(i))
        .put("priority", "Medium")
        .put("status", "Open")
        .put("date", "2026-11-22")
        .put("assigned_by", "Administrator")
        .put("project", projectName(i))
        .put("description", "Check the shelf no. %d again. ".formatted(i).repeat(22));
  }

  /** A document with three rows, 1 KB without them. */
  static ObjectNode pickList(int i) {
    String name = "PICK-%07d".formatted(i);
    ObjectNode document =
        standard(name, before(i))
            .put("purpose", "Delivery")
            .put("remarks", "Take from the shelf no. %d. ".formatted(i).repeat(26));
    ArrayNode rows = document.putArray("locations");
    for (int row = 1; row <= ROWS; row++) {
      rows.add(
          standard("%s-%d".formatted(name, row), before(i))
              .put("idx", row)
              .put("doctype", "Pick List Item")
              .put("parent", name)
              .put("parentfield", "locations")
              .put("parenttype", "Pick List")
              .put("item_code", "PRT-%03d".formatted((i + row) % 500))
              .put("warehouse", "Stores - NT")
              .put("qty", row + 0.5));
    }
    return document;
  }

  static ObjectNode project(int i) {
    return standard(projectName(i), at(0)).put("title", "Shelf " + i);
  }

  static LogEntry createTodo(int i) {
    String creation = at(i);
    return new LogEntry(
        "c%09d".formatted(i),
        creation,
        "Create",
        "ToDo",
        "TODO-%07d".formatted(i),
        """
        {
         "__unsaved": 1,
         "creation": "%s",
         "modified": "%s",
         "owner": "Administrator",
         "modified_by": "Administrator",
         "docstatus": 0,
         "doctype": "ToDo",
         "idx": 0,
         "name": "TODO-%07d",
         "priority": "Medium",
         "status": "Open",
         "date": "2026-11-22",
         "assigned_by": "Administrator",
         "project": "%s",
         "description": "%s"
        }"""
            .formatted(
                creation,
                creation,
                i,
                projectName(i),
                "Check the shelf no. %d again. ".formatted(i).repeat(22)));
  }

  static LogEntry updateTodo(int i, int entries) {
    return new LogEntry(
        "u%09d".formatted(i),
        at(i + entries),
        "Update",
        "ToDo",
        "TODO-%07d".formatted(i),
        """
        {
         "added": {},
         "changed": {
          "status": "Closed",
          "description": "%s"
         },
         "removed": {},
         "row_changed": {}
        }"""
            .formatted("Done with the shelf no. %d. ".formatted(i).repeat(22)));
  }

  /** The recorded ERPNext site: definitions, documents, and the customers of the invoices. */
  static void record(StandInSite site, int invoices) {
    RecordedHistory.docTypes().forEach(site::putDocType);
    RecordedHistory.documents().forEach(one -> site.put(one.path("doctype").asText(), one));
    for (int i = 0; i < invoices; i += INVOICES_A_CUSTOMER) {
      site.put(
          "Customer",
          CUSTOMER.deepCopy().put("name", customerName(i)).put("customer_name", customerName(i)));
    }
  }

  static int recordedInvoices() {
    return INVOICES.size();
  }

  /** A recorded invoice as it is. */
  static LogEntry recordedInvoice(int i) {
    return entry("r%09d".formatted(i), at(i), INVOICES.get(i));
  }

  /** A recorded invoice under another name; every tenth has a customer that is not here yet. */
  static LogEntry createInvoice(int i) {
    ObjectNode invoice = INVOICES.get(i % INVOICES.size()).deepCopy();
    String name = "SINV-%07d".formatted(i);
    invoice.put("name", name).put("creation", at(i)).put("modified", at(i));
    if (i % INVOICES_A_CUSTOMER == 0) {
      invoice.put("customer", customerName(i)).put("customer_name", customerName(i));
    }
    invoice.forEach(
        value -> {
          if (value.isArray()) {
            ChildRows.of(value)
                .forEach(
                    row ->
                        row.put("name", row.path("name").asText() + i)
                            .put("parent", name)
                            .put("modified", at(i)));
          }
        });
    return entry("i%09d".formatted(i), at(SiteDocuments.INVOICES.size() + i), invoice);
  }

  private static LogEntry entry(String name, String creation, ObjectNode document) {
    return new LogEntry(
        name,
        creation,
        "Create",
        document.path("doctype").asText(),
        document.path("name").asText(),
        document.toPrettyString());
  }

  private static List<ObjectNode> recorded(String doctype) {
    return RecordedHistory.documents().stream()
        .filter(one -> one.path("doctype").asText().equals(doctype))
        .toList();
  }

  private static ObjectNode standard(String name, String time) {
    return DocumentJson.MAPPER
        .createObjectNode()
        .put("name", name)
        .put("owner", "Administrator")
        .put("creation", time)
        .put("modified", time)
        .put("modified_by", "Administrator")
        .put("docstatus", 0)
        .put("idx", 0);
  }

  private static ObjectNode definition(String name, int istable) {
    ObjectNode definition =
        DocumentJson.MAPPER.createObjectNode().put("name", name).put("istable", istable);
    definition.putArray("fields");
    return definition;
  }

  private static void field(ObjectNode definition, String name, String type, String options) {
    definition
        .withArray("/fields")
        .addObject()
        .put("fieldname", name)
        .put("fieldtype", type)
        .put("options", options);
  }

  private static String projectName(int i) {
    return "PROJ-%07d".formatted(i / TODOS_A_PROJECT);
  }

  private static String customerName(int i) {
    return "Customer no. %07d".formatted(i);
  }

  /** After following began: the time of an entry of the log. */
  private static String at(int i) {
    return time(LocalDateTime.of(2027, 1, 1, 0, 0), i);
  }

  /** Before: the time of a document that is loaded. */
  private static String before(int i) {
    return time(LocalDateTime.of(2026, 1, 1, 0, 0), i);
  }

  private static String time(LocalDateTime first, int i) {
    return first.plusNanos(i * 1_000_000L + 1_000).format(TIME);
  }
}
