package org.eventstreaming.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eventstreaming.update.DocumentJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionTest {
  /** Four in the morning of the next day in Kathmandu. */
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-03-30T22:15:00.5Z"), ZoneId.of("Asia/Kathmandu"));

  private static final JsonNode INVOICE =
      json(
          """
          {
            "doctype": "Sales Invoice", "name": "ACC-SINV-2026-00042", "docstatus": 1,
            "company": "Grant Plastics Ltd.", "customer": "Walmart", "customer_group": "Retail",
            "territory": "Nepal", "status": "Overdue", "is_return": 0, "is_pos": 1,
            "currency": "USD", "conversion_rate": 82.5, "grand_total": 1250.50,
            "outstanding_amount": 1250.50, "posting_date": "2026-02-28", "due_date": "2026-03-15",
            "remarks": null, "public": 1, "allocated_to": "ann@example.com", "amended_from": "",
            "items": [
              {"idx": 1, "item_code": "SKU001", "item_group": "Products", "qty": 5, "rate": 200.1,
               "warehouse": "Stores - GP"},
              {"idx": 2, "item_code": "SRV002", "item_group": "Services", "qty": 1, "rate": 250}
            ],
            "taxes": []
          }
          """);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // what Frappe's documentation and its users write as conditions
        "doc.public == 1 | true",
        "doc.docstatus == 1 | true",
        "doc.docstatus==1 | true",
        "doc.docstatus != 2 and not doc.is_return | true",
        "doc.status == 'Open' | false",
        "doc.status in ('Open', 'Overdue') | true",
        "doc.status not in [\"Draft\", \"Cancelled\"] | true",
        "doc.customer_group == 'Retail' and doc.territory == 'Nepal' | true",
        "doc.grand_total > 1000 | true",
        "doc.grand_total >= 1250.5 | true",
        "1000 < doc.grand_total <= 1250.50 | true",
        "doc.company == \"Grant Plastics Ltd.\" | true",
        "doc.name.startswith('ACC-SINV') | true",
        "doc.name.startswith(('ACC-PINV', 'ACC-SINV')) | true",
        "doc.allocated_to.endswith('@example.com') | true",
        "'Plastics' in doc.company | true",
        "doc.allocated_to and doc.status == 'Overdue' | true",
        "doc.remarks is None | true",
        "doc.remarks is not None | false",
        "not doc.remarks | true",
        "not doc.amended_from | true",
        "(doc.remarks or '').lower() == 'urgent' | false",
        "doc.get('remarks') == None | true",
        "doc.get('no_such_field', 7) == 7 | true",
        "doc.no_such_field | false",
        "doc.is_pos | true",
        "doc.is_pos == True | true",
        "doc.qty or 0 > 5 | false",
        "doc.items[0].item_code == 'SKU001' | true",
        "doc.items[-1].qty == 1 | true",
        "doc.items and not doc.taxes | true",
        "doc.taxes == [] | true",
        "any(d.item_group == 'Services' for d in doc.items) | true",
        "any([d.item_group == 'Services' for d in doc.items]) | true",
        "all(d.warehouse for d in doc.items) | false",
        "sum(d.qty * d.rate for d in doc.items) == doc.grand_total | true",
        "len(doc.items) > 1 | true",
        "[d for d in doc.items if d.qty > 2] | true",
        "'SKU001' in [d.item_code for d in doc.items] | true",
        "{d.item_group for d in doc.items} == {'Products', 'Services'} | true",
        "max(d.rate for d in doc.items) > 225 | true",
        "int(doc.grand_total) == 1250 | true",
        "round(doc.grand_total) == 1250 | true",
        "round(doc.grand_total * doc.conversion_rate, 2) == 103166.25 | true",
        "doc.outstanding_amount / doc.grand_total > 0.5 | true",
        "int(doc.name[-5:]) % 2 == 0 | true",
        "doc.name.split('-')[1] == 'SINV' | true",
        "doc.posting_date >= '2026-01-01' | true",
        "doc.due_date < frappe.utils.nowdate() | true",
        "frappe.utils.date_diff(frappe.utils.today(), doc.due_date) > 15 | true",
        "frappe.utils.getdate(doc.posting_date) < frappe.utils.getdate() | true",
        "frappe.utils.add_days(doc.posting_date, 15) == doc.due_date | true",
        "frappe.utils.flt(doc.remarks) == 0 | true",
        "frappe.utils.cint('7') + frappe.utils.flt('1,000.5') == 1007.5 | true",
        "True if doc.currency == 'USD' else False | true",
        "doc.status == 'Overdue' and (doc.is_pos or doc.is_return) | true",
      })
  void conditions_that_people_write(String text, boolean expected) {
    assertThat(Expression.compile(text).test(scope())).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "doc.name | \"ACC-SINV-2026-00042\"",
        "\"Invoice %s of %s\" % (doc.name, doc.customer) | \"Invoice ACC-SINV-2026-00042 of Walmart\"",
        "f'{doc.customer}: {doc.grand_total * 2}' | \"Walmart: 2501.0\"",
        "doc.grand_total | 1250.5",
        "doc.remarks | null",
        "doc.docstatus | 1",
        "doc.docstatus == 1 | true",
        "doc.docstatus + True | 2",
        "7 // 2, -7 // 2, -7 % 3 | [3,-4,2]",
        "2 ** 100 | 1267650600228229401496703205376",
        "10 / 4 | 2.5",
        "1e22 | 1.0E22",
        "[d.qty for d in doc.items] | [5,1]",
        "{d.item_code: d.qty for d in doc.items} | {\"SKU001\":5,\"SRV002\":1}",
        "{1: 'a', True: 'b', None: 2.0} | {\"1\":\"b\",\"null\":2.0}",
        "doc.items[1] | {\"idx\":2,\"item_code\":\"SRV002\",\"item_group\":\"Services\",\"qty\":1,\"rate\":250}",
        "{'x'} | [\"x\"]",
        "frappe.utils.nowdate() | \"2026-03-31\"",
        "frappe.utils.now() | \"2026-03-31 04:00:00.500000\"",
        "frappe.utils.getdate(doc.due_date) | \"2026-03-15\"",
        "frappe.utils.getdate(doc.due_date).month | 3",
        "frappe.utils.add_days('2026-02-28 10:00:00', 1) | \"2026-03-01 10:00:00\"",
        "frappe.utils.flt('12,345.675', 2) | 12345.68",
        "frappe.utils.flt('none', precision=2) | 0.0",
        "frappe.utils.cint('3.9'), frappe.utils.cint('x'), frappe.utils.cint(None) | [3,0,0]",
        "frappe.utils.cstr(None), frappe.utils.cstr(7) | [\"\",\"7\"]",
        "min([], default=3) | 3",
        "'é😀'[1], len('é😀') | [\"😀\",2]",
      })
  void values_become_json(String text, String expected) {
    assertThat(Expression.compile(text).evaluate(scope())).hasToString(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "doc.status = 'x' | 12: nothing can be assigned here; did you mean '=='?",
        "doc.status =! 'x' | 12: '=!' is not Python; did you mean '!='?",
        "doc.status && 1 | 12: '&&' is not Python; did you mean 'and'?",
        "!doc.status | 1: '!' has no meaning here; did you mean 'not' or '!='?",
        "doc.status === 'x' | 12: '===' is not Python; did you mean '=='?",
        "dco.status == 'x' | 1: there is no 'dco' here; did you mean 'doc'?",
        "doc.is_pos == true | 15: there is no 'true' here; did you mean 'True'?",
        "doc.remarks == null | 16: there is no 'null' here; did you mean 'None'?",
        "doc.name.startwith('A') | 10: there is no method 'startwith'; did you mean 'startswith'?",
        "lenn(doc.items) | 1: there is no 'lenn' here; did you mean 'len'?",
        "[itm for item in doc.items] | 2: there is no 'itm' here; did you mean 'item'?",
        "frappe.db.get_valeu('Item', 'x') | 1: there is no 'frappe.db.get_valeu' here; did you mean 'frappe.db.get_value'?",
        "doc.from | 5: 'from' is a word of Python; a field of that name is doc.get('from')",
        "doc.__class__ | 5: '__class__': names that begin with '_' are closed",
        "len | 1: 'len' is a function: call it, len(…)",
        "(1 + 2 | 1: '(' is never closed",
        "doc.a doc.b | 7: expected the end, found 'doc'",
        "lambda x: x | 1: 'lambda' is not offered",
        "f'{doc.rate:.2f}' | 12: ':' in an f-string is not offered; '%.2f' % value formats a number",
        "'é😀' = 1 | 6: nothing can be assigned here; did you mean '=='?",
      })
  void a_mistake_is_reported_with_its_column_and_advice(String text, String expected) {
    assertThatThrownBy(() -> Expression.compile(text))
        .isInstanceOf(MalformedExpression.class)
        .hasMessage("line 1, column " + expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "doc.remarks > 5 | 13: > cannot compare None and int; a field that is empty is None, (doc.x or 0) makes it 0",
        "doc.name > 5 | 10: > cannot compare str and int; int(…) or float(…) makes a number of a text",
        "doc.name + 5 | 10: + cannot be applied to str and int; make both text with str() or both numbers with flt()",
        "doc.remarks.lower() | 13: None has no method 'lower'; a field that is empty is None, (doc.x or '') makes it a text",
        "doc.items.qty | 11: list has no field 'qty'; it is a list: take one row with [0], or go through it with [row.qty for row in …]",
        "doc.name.lower | 10: str has no field 'lower'; to call it, write lower()",
        "doc['nope'] | 4: there is no key 'nope'; .get(…) gives None where a key may be missing",
        "doc.items[7] | 10: there is no element 7, there are 2",
        "1 / 0 | 3: division by zero",
        "len(doc.remarks) | 1: len() needs a text or a list, not None; (doc.x or []) makes an empty list of it",
        "frappe.utils.getdate('31.12.2026') | 1: frappe.utils.getdate() cannot read '31.12.2026'; dates are written as 2026-01-31",
        "frappe.db.exists('Item', 'x') | 1: Item cannot be read: here an expression sees only 'doc'",
        "float('inf') | 1: the value is inf, which JSON cannot hold",
        "{(1, 2): 3} | 1: keys of a dict in JSON must be str, int, float, bool or None, not tuple",
      })
  void a_failure_is_reported_with_its_column_and_advice(String text, String expected) {
    Expression expression = Expression.compile(text);

    assertThatThrownBy(() -> expression.evaluate(scope()))
        .isInstanceOf(EvaluationFailed.class)
        .hasMessage("line 1, column " + expected);
  }

  @Test
  void line_ends_and_comments_are_blanks() {
    String text = "doc.docstatus == 1  # submitted\n  and doc.is_pos\n";

    assertThat(Expression.compile(text).test(scope())).isTrue();
  }

  @Test
  void a_place_counts_lines_and_characters() {
    MalformedExpression malformed =
        (MalformedExpression)
            catchThrowable(() -> Expression.compile("doc.a == 1 and\n  '😀' = 2"));

    assertThat(malformed.line()).isEqualTo(2);
    assertThat(malformed.column()).isEqualTo(7);
  }

  @Test
  void a_field_that_a_known_definition_does_not_have_is_an_error_and_an_empty_one_is_none() {
    Scope known = scope().withDefinition(Set.of("status", "remarks", "po_no")::contains);

    assertThat(Expression.compile("doc.po_no").evaluate(known)).isEqualTo(NullNode.instance);
    assertThat(Expression.compile("doc.modified_by").evaluate(known)).isEqualTo(NullNode.instance);
    assertThat(Expression.compile("doc.get('sttus')").evaluate(known)).isEqualTo(NullNode.instance);
    assertThatThrownBy(() -> Expression.compile("doc.sttus").evaluate(known))
        .hasMessage(
            "line 1, column 5: the document type has no field 'sttus'; doc.get('sttus') gives None"
                + " where a field may be missing");
  }

  @Test
  void the_documented_filter_reads_another_document() {
    Scope scope = scope().withReads(new Countries());

    assertThat(value("frappe.db.get_value('Global Defaults', None, 'country')", scope))
        .isEqualTo(TextNode.valueOf("Nepal"));
    assertThat(value("frappe.db.get_single_value('Global Defaults', 'country')", scope))
        .isEqualTo(TextNode.valueOf("Nepal"));
    assertThat(
            value("frappe.db.get_value('Country', {'code': 'np'}, ['name', 'population'])", scope))
        .hasToString("[\"Nepal\",30000000]");
    assertThat(value("frappe.db.get_value('Country', 'Nepal', 'population', as_dict=True)", scope))
        .hasToString("{\"population\":30000000}");
    assertThat(value("frappe.db.get_value('Country', 'Atlantis', 'population')", scope))
        .isEqualTo(NullNode.instance);
    assertThat(value("frappe.db.exists('Country', {'code': 'np'})", scope))
        .isEqualTo(TextNode.valueOf("Nepal"));
    assertThat(value("frappe.db.exists('Country', doc.remarks)", scope))
        .isEqualTo(NullNode.instance);
  }

  @Test
  void an_expression_may_be_shared() {
    Expression expression = Expression.compile("[x.qty for x in doc.items if x.qty > 2]");

    assertThat(expression.evaluate(scope())).hasToString("[5]");
    assertThat(expression.evaluate(Scope.of(json("{\"items\": [{\"qty\": 9}]}"), CLOCK)))
        .hasToString("[9]");
    assertThat(expression.text()).isEqualTo("[x.qty for x in doc.items if x.qty > 2]");
  }

  private static JsonNode value(String text, Scope scope) {
    return Expression.compile(text).evaluate(scope);
  }

  private static Scope scope() {
    return Scope.of(INVOICE, CLOCK);
  }

  private static JsonNode json(String text) {
    try {
      return DocumentJson.MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static final class Countries implements FrappeReads {
    private static final ObjectNode NEPAL =
        (ObjectNode) json("{\"name\": \"Nepal\", \"country\": \"Nepal\"}");

    @Override
    public Optional<ObjectNode> getValue(
        String doctype, JsonNode nameOrFilters, List<String> fieldnames) {
      if (nameOrFilters.asText().equals("Atlantis")) {
        return Optional.empty();
      }
      ObjectNode all = NEPAL.deepCopy().set("population", IntNode.valueOf(30_000_000));
      return Optional.of(all.retain(fieldnames));
    }

    @Override
    public JsonNode getSingleValue(String doctype, String fieldname) {
      return NEPAL.path(fieldname);
    }

    @Override
    public Optional<String> exists(String doctype, JsonNode nameOrFilters) {
      return Optional.of(NEPAL.path("name").asText());
    }
  }
}
