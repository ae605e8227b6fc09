package org.eventstreaming.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.expression.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Maps whole documents (protocol: frappe-semantics 4.8, with defects 70 to 78 corrected). A
 * document comes in normal form and stays as it is; what goes out shares nothing with it that can
 * change. Safe for many threads as far as the routes and scopes handed in are.
 */
public final class MapDocument {
  private final MapFields fields;

  /**
   * @param doctypes the definitions here: which fields that no row names may stay
   * @param routes answers rows that ask a route
   * @param scopes what an expression sees that is given this document or child row
   */
  public MapDocument(
      Mappings mappings, DocTypes doctypes, RouteHook routes, Function<ObjectNode, Scope> scopes) {
    this.fields = new MapFields(mappings, doctypes, routes, scopes);
  }

  /**
   * The document in our words. {@link #finish} completes it, also where no document is needed.
   *
   * @throws MappingFailed where a row or the reshaping before the rows fails
   */
  public MappedDocument map(DocumentTypeMapping mapping, ObjectNode remote) {
    return map(mapping, remote, null);
  }

  /** The same for one who wants to know which row gives which field. */
  public MappedDocument explain(
      DocumentTypeMapping mapping, ObjectNode remote, Consumer<FieldSource> sources) {
    return map(mapping, remote, sources);
  }

  private MappedDocument map(
      DocumentTypeMapping mapping, ObjectNode remote, @Nullable Consumer<FieldSource> sources) {
    Level level = Level.document(mapping.after() == null, sources);
    ObjectNode document = fields.whole(mapping, remote, level);
    return new MappedDocument(mapping, document, level.needed(), level.ours(), level.notes());
  }

  /**
   * Puts in the names of the needed documents and reshapes the whole by {@code after}.
   *
   * @param names one for each needed document, in their order
   * @return a document of its own, which still wants its normal form
   * @throws MappingFailed where the reshaping fails
   */
  public ObjectNode finish(MappedDocument mapped, List<String> names) {
    List<NeededDocument> needed = mapped.needed();
    if (names.size() != needed.size()) {
      throw new IllegalArgumentException(
          "%d names for %d needed documents".formatted(names.size(), needed.size()));
    }
    ObjectNode document = mapped.document().deepCopy();
    for (int i = 0; i < names.size(); i++) {
      NeededDocument place = needed.get(i);
      JsonNode holder =
          place.table() == null ? document : document.path(place.table()).path(place.row());
      ((ObjectNode) holder).put(place.fieldname(), names.get(i));
    }
    return fields.after(mapped.mapping(), document);
  }
}
