package org.eventstreaming.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.update.DocumentJson;
import org.junit.jupiter.api.Test;

/** A document depends on the documents that it names, not on rows of them. */
class FindLinksTest {
  private final Map<String, DocType> known = new HashMap<>();
  private final FindLinks findLinks = new FindLinks(name -> Optional.ofNullable(known.get(name)));

  FindLinksTest() {
    known.put(
        "Order",
        type(
            "Order",
            false,
            new DocField("supplier", "Link", "Supplier"),
            new DocField("quotation_item", "Link", "Quotation Item"),
            new DocField("about_type", "Link", "DocType"),
            new DocField("about", "Dynamic Link", "about_type"),
            new DocField("items", "Table", "Order Item")));
    known.put(
        "Order Item",
        type("Order Item", true, new DocField("quotation_item", "Link", "Quotation Item")));
  }

  @Test
  void a_link_to_a_row_of_another_document_is_no_dependency() {
    known.put("Quotation Item", type("Quotation Item", true));

    assertThat(targets(findLinks.in("Order", document(), Set.of()))).containsExactly("Supplier S");
    assertThat(targets(findLinks.inDiff("Order", diff(), null, Set.of())))
        .containsExactly("Supplier S");
    assertThat(findLinks.areRows("Quotation Item")).isTrue();
  }

  @Test
  void a_link_to_a_type_that_is_not_known_to_have_rows_is_one() {
    assertThat(targets(findLinks.in("Order", document(), Set.of())))
        .containsExactlyInAnyOrder(
            "Supplier S", "Quotation Item row 1", "Quotation Item row 2", "Quotation Item row 3");
    assertThat(targets(findLinks.inDiff("Order", diff(), null, Set.of())))
        .containsExactlyInAnyOrder(
            "Supplier S", "Quotation Item row 1", "Quotation Item row 3", "Quotation Item row 4");
    assertThat(findLinks.areRows("Quotation Item")).isFalse();
  }

  private static DocType type(String name, boolean istable, DocField... fields) {
    return new DocType(name, istable, null, List.of(fields));
  }

  private static ObjectNode document() {
    return json(
        """
        {"supplier": "S", "quotation_item": "row 1",
         "about_type": "Quotation Item", "about": "row 2",
         "items": [{"name": "r", "quotation_item": "row 3"}]}
        """);
  }

  private static ObjectNode diff() {
    return json(
        """
        {"changed": {"supplier": "S", "quotation_item": "row 1"},
         "added": {"items": [{"quotation_item": "row 3"}]},
         "row_changed": {"items": [{"name": "r", "quotation_item": "row 4"}]}}
        """);
  }

  private static List<String> targets(List<Link> links) {
    return links.stream()
        .map(link -> link.target().toString())
        .filter(target -> !target.startsWith("DocType "))
        .toList();
  }

  private static ObjectNode json(String text) {
    try {
      return (ObjectNode) DocumentJson.MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
