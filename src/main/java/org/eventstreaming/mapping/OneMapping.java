package org.eventstreaming.mapping;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.files.FileSchema;
import org.eventstreaming.files.MarkedFile;
import org.eventstreaming.files.Nearest;
import org.eventstreaming.files.Problems;
import org.eventstreaming.files.ProjectFiles;
import org.eventstreaming.update.DocumentJson;
import org.jspecify.annotations.Nullable;

/** One mapping of a file, read as far as it is right; what is wrong is among the problems. */
final class OneMapping {
  /** A row that names another mapping. */
  record Reference(JsonPointer at, String mapping, boolean isTable, @Nullable DocField field) {}

  private final MarkedFile file;
  private final JsonPointer base;
  private final Problems problems;
  private final Set<JsonPointer> refused;
  private final Optional<String> name;
  private final Optional<String> localDoctype;
  private final List<Reference> references = new ArrayList<>();
  private final @Nullable DocumentTypeMapping mapping;

  OneMapping(
      MarkedFile file,
      JsonPointer base,
      FileSchema schema,
      ProjectFiles files,
      DocTypes doctypes,
      Problems problems) {
    this.file = file;
    this.base = base;
    this.problems = problems;
    int before = problems.count();
    this.refused = schema.check(file, base, problems);
    this.name = text(base.appendProperty("mapping_name"));
    this.localDoctype = text(base.appendProperty("local_doctype"));
    Optional<String> remoteDoctype = text(base.appendProperty("remote_doctype"));
    ReadExpression expressions = new ReadExpression(file, files, problems);
    Optional<DocType> local = localDoctype.flatMap(doctypes::find);
    // of one name both sides can have their own fields, and the files can define only one of them
    Optional<DocType> remote =
        remoteDoctype.filter(type -> !type.equals(localDoctype.orElse(""))).flatMap(doctypes::find);
    List<FieldMapping> rows = new ArrayList<>();
    Map<String, Integer> rowOfField = new HashMap<>();
    JsonPointer list = base.appendProperty("field_mapping");
    int size = refused.contains(list) ? 0 : file.root().at(list).size();
    for (int i = 0; i < size; i++) {
      JsonPointer row = list.appendIndex(i);
      if (!refused.contains(row) && !isLeftEmpty(file.root().at(row))) {
        new OneRow(row, i, local, remote, expressions).read(rowOfField).ifPresent(rows::add);
      }
    }
    Optional<Computation> reshapeBefore = reshape("before", expressions);
    Optional<Computation> reshapeAfter = reshape("after", expressions);
    this.mapping =
        problems.count() > before
            ? null
            : new DocumentTypeMapping(
                name.orElseThrow(),
                localDoctype.orElseThrow(),
                remoteDoctype.orElseThrow(),
                choice(
                    UnmappedFields.class,
                    base.appendProperty("unmapped_fields"),
                    UnmappedFields.KNOWN),
                reshapeBefore.orElse(null),
                reshapeAfter.orElse(null),
                rows,
                new Origin(file.file(), file.value(base)));
  }

  /** Frappe's form has a row for each field that can be seen, filled or not: it maps nothing. */
  private static boolean isLeftEmpty(JsonNode row) {
    return row.has("parentfield")
        && Stream.concat(OneRow.SOURCES.stream(), Stream.of("default_value"))
            .allMatch(key -> FieldMapping.isEmpty(row.path(key)));
  }

  /** Once nothing was refused. */
  DocumentTypeMapping mapping() {
    if (mapping == null) {
      throw new IllegalStateException("the mapping was refused");
    }
    return mapping;
  }

  Optional<String> name() {
    return name;
  }

  Optional<String> localDoctype() {
    return localDoctype;
  }

  List<Reference> references() {
    return references;
  }

  Origin nameOrigin() {
    return origin(base.appendProperty("mapping_name"));
  }

  void refuseName(String message) {
    refuse(base.appendProperty("mapping_name"), message);
  }

  Origin origin(JsonPointer at) {
    return new Origin(file.file(), file.value(at));
  }

  void refuse(JsonPointer at, String message) {
    problems.add(file.file(), file.value(at), message);
  }

  private Optional<Computation> reshape(String key, ReadExpression expressions) {
    JsonPointer at = base.appendProperty(key);
    return isUsable(at) ? expressions.read(at, "jsonata") : Optional.empty();
  }

  private boolean isUsable(JsonPointer at) {
    return !file.root().at(at).isMissingNode()
        && !file.root().at(at).isNull()
        && refused.stream().noneMatch(refusal -> refusal.toString().startsWith(at.toString()));
  }

  /** Text that is there and was not refused; what is empty is not there. */
  private Optional<String> text(JsonPointer at) {
    JsonNode value = file.root().at(at);
    return refused.contains(at) || !value.isTextual() || value.textValue().isBlank()
        ? Optional.empty()
        : Optional.of(value.textValue());
  }

  private <E extends Enum<E>> E choice(Class<E> type, JsonPointer at, E otherwise) {
    return text(at)
        .map(text -> Enum.valueOf(type, text.toUpperCase(Locale.ROOT)))
        .orElse(otherwise);
  }

  /** One row on its way. */
  private final class OneRow {
    private static final List<String> SOURCES =
        List.of("remote_fieldname", "jsonpath", "expression", "constant", "route");
    private static final Set<String> LINKS = Set.of("Link", "Dynamic Link");

    private final JsonPointer at;
    private final int index;
    private final Optional<DocType> local;
    private final Optional<DocType> remote;
    private final ReadExpression expressions;
    private final String mappingType;

    OneRow(
        JsonPointer at,
        int index,
        Optional<DocType> local,
        Optional<DocType> remote,
        ReadExpression expressions) {
      this.at = at;
      this.index = index;
      this.local = local;
      this.remote = remote;
      this.expressions = expressions;
      this.mappingType = text("mapping_type").orElse("");
    }

    Optional<FieldMapping> read(Map<String, Integer> rowOfField) {
      int before = problems.count();
      Optional<String> localFieldname = text("local_fieldname");
      localFieldname.ifPresent(field -> checkLocal(field, rowOfField));
      Optional<DocField> definition = localFieldname.flatMap(this::definition);
      checkRemote(at.appendProperty("remote_fieldname"), text("remote_fieldname"));
      checkSources(definition);
      checkDefaults();
      Optional<Typing> typing = typing();
      Optional<FrappeComputation> when =
          text("when").flatMap(text -> expressions.frappe(pointer("when"), text, 0));
      Optional<JsonNode> defaultValue = defaultValue(typing, definition);
      Optional<RowSource> source = source(typing);
      Optional<Becomes> becomes = becomes(definition, typing);
      if (problems.count() > before || refusedWithin()) {
        return Optional.empty();
      }
      return Optional.of(
          new FieldMapping(
              localFieldname.orElseThrow(),
              source.orElseThrow(),
              becomes.orElseThrow(),
              defaultValue.orElse(null),
              when.orElse(null),
              choice(OnError.class, pointer("on_error"), OnError.FAIL),
              new Origin(file.file(), file.value(at))));
    }

    private boolean refusedWithin() {
      return refused.stream().anyMatch(refusal -> refusal.toString().startsWith(at + "/"));
    }

    private void checkLocal(String field, Map<String, Integer> rowOfField) {
      JsonPointer place = pointer("local_fieldname");
      Integer first = rowOfField.putIfAbsent(field, index);
      if (first != null) {
        refuse(
            place,
            "this local_fieldname is in row %d already: a field has one row".formatted(first + 1));
      }
      if (DocumentTypeMapping.PLACE.contains(field)) {
        refuse(place, field + " is made here: remove the row");
      } else if (field.equals("name") && !text("remote_fieldname").equals(Optional.of("name"))) {
        refuse(
            place,
            "name is decided by use_same_name and the naming rule of the DocType here: remove the"
                + " row, or map to another field");
      }
      local.ifPresent(docType -> checkKnown(docType, field, place));
    }

    private void checkRemote(JsonPointer place, Optional<String> field) {
      // a child row also says whose it is
      field
          .filter(name -> !DocumentTypeMapping.PLACE.contains(name))
          .ifPresent(name -> remote.ifPresent(docType -> checkKnown(docType, name, place)));
    }

    private void checkKnown(DocType docType, String field, JsonPointer place) {
      if (DocumentTypeMapping.STANDARD.contains(field)) {
        return;
      }
      List<String> known = docType.fields().stream().map(DocField::fieldname).toList();
      if (!known.contains(field)) {
        refuse(
            place,
            "%s has no field %s".formatted(docType.name(), field) + Nearest.question(field, known));
      }
    }

    private void checkSources(Optional<DocField> definition) {
      List<String> given = SOURCES.stream().filter(this::has).toList();
      if (given.size() > 1) {
        refuse(
            pointer(given.get(1)),
            "use only one of remote_fieldname, jsonpath, expression, constant, route");
      } else if (given.isEmpty() && !has("default_value")) {
        refuse(
            at,
            "the row gives no value: it needs remote_fieldname, jsonpath, expression, constant,"
                + " route or default_value");
      }
      if (mappingType.isEmpty()) {
        // exports have the key, and can have left over what a person took back
        if (has("mapping") && !isThere("mapping_type")) {
          refuse(pointer("mapping"), "mapping needs mapping_type: Child Table or Document");
        }
        definition.ifPresent(this::checkLink);
      } else {
        require("remote_fieldname");
        require("mapping");
        if (mappingType.equals("Document")) {
          require("remote_value_filters");
        } else {
          exclude("default_value");
        }
        List.of("type", "format", "value_map").forEach(this::exclude);
      }
    }

    /** Frappe's own rule; whoever computes the value knows what it is. */
    private void checkLink(DocField field) {
      boolean points = LINKS.contains(field.fieldtype()) || field.isTable();
      if (points && has("remote_fieldname") && !has("default_value") && !has("value_map")) {
        refuse(
            pointer("remote_fieldname"),
            "%s is a %s: it needs mapping_type and mapping, or default_value"
                .formatted(field.fieldname(), described(field)));
      }
    }

    private static String described(DocField field) {
      return field.fieldtype().equals("Dynamic Link") || field.options() == null
          ? field.fieldtype()
          : field.fieldtype() + " of " + field.options();
    }

    private void require(String key) {
      if (!has(key)) {
        refuse(pointer("mapping_type"), "mapping_type %s needs %s".formatted(mappingType, key));
      }
    }

    private void exclude(String key) {
      if (has(key)) {
        problems.add(
            file.file(),
            file.key(pointer(key)),
            "%s does not go with mapping_type %s: remove it".formatted(key, mappingType));
      }
    }

    private void checkDefaults() {
      for (String key : List.of("on_error", "value_map_missing")) {
        if (text(key).equals(Optional.of("default")) && !has("default_value")) {
          refuse(pointer(key), key + " default needs default_value");
        }
      }
      if (has("value_map_missing") && !has("value_map")) {
        refuse(pointer("value_map_missing"), "value_map_missing needs value_map");
      }
    }

    private Optional<Typing> typing() {
      Optional<FieldType> type = text("type").flatMap(FieldType::named);
      Optional<String> pattern = text("format");
      if (pattern.isPresent() && type.filter(FieldType::isTime).isEmpty()) {
        refuse(pointer("format"), "format needs type: Date, Datetime or Time");
        return Optional.empty();
      }
      try {
        return Optional.of(Typing.of(type.orElse(null), pattern.orElse(null)));
      } catch (IllegalArgumentException malformed) {
        refuse(pointer("format"), "is not a pattern of a date or time: " + malformed.getMessage());
        return Optional.empty();
      }
    }

    private Optional<JsonNode> defaultValue(
        Optional<Typing> typing, Optional<DocField> definition) {
      if (!has("default_value") || typing.isEmpty()) {
        return Optional.empty();
      }
      // Frappe keeps each default as text
      FieldType type = typing.get().type();
      FieldType wanted =
          type == null && definition.filter(DocField::isNumber).isPresent()
              ? FieldType.FLOAT
              : type;
      return typed("default_value", wanted);
    }

    /** The value of the file in this type, which it has to be written in as Frappe does. */
    private Optional<JsonNode> typed(String key, @Nullable FieldType type) {
      JsonNode value = DocumentJson.asRead(file.root().at(pointer(key)));
      try {
        return Optional.of(type == null ? value : type.of(value, null));
      } catch (NoValue other) {
        refuse(pointer(key), "%s: %s".formatted(key, other.getMessage()));
        return Optional.empty();
      }
    }

    private Optional<RowSource> source(Optional<Typing> typing) {
      if (has("remote_fieldname")) {
        return text("remote_fieldname")
            .map(
                field ->
                    standsAlways()
                        ? new RowSource.Unread(field)
                        : new RowSource.RemoteField(field));
      }
      if (has("jsonpath")) {
        return text("jsonpath")
            .flatMap(text -> expressions.jsonPath(pointer("jsonpath"), text))
            .map(RowSource.Computed::new);
      }
      if (has("expression")) {
        return isUsable(pointer("expression"))
            ? expressions
                .read(
                    pointer("expression"),
                    OneMapping.this
                        .text(pointer("expression").appendProperty("language"))
                        .orElse(""))
                .map(RowSource.Computed::new)
            : Optional.empty();
      }
      if (has("constant")) {
        return typing.flatMap(read -> typed("constant", read.type())).map(RowSource.Constant::new);
      }
      if (has("route")) {
        return text("route").map(RowSource.FromRoute::new);
      }
      return Optional.of(new RowSource.Nothing());
    }

    private Optional<Becomes> becomes(Optional<DocField> definition, Optional<Typing> typing) {
      Optional<String> inner = mappingType.isEmpty() ? Optional.empty() : text("mapping");
      inner.ifPresent(
          other ->
              references.add(
                  new Reference(
                      pointer("mapping"),
                      other,
                      mappingType.equals("Child Table"),
                      definition.orElse(null))));
      if (mappingType.equals("Child Table")) {
        return inner.map(Becomes.Rows::new);
      }
      if (mappingType.equals("Document")) {
        Map<String, FilterValue> filters =
            new ReadFilters(file, pointer("remote_value_filters"), expressions, problems)
                .read(remote);
        if (!standsAlways()) {
          return inner.map(other -> new Becomes.NameOf(other, filters));
        }
      }
      // a constant is in its type already, and so is a default that stands for a document
      return has("constant") || mappingType.equals("Document")
          ? Optional.of(new Becomes.Value(null, Typing.NONE))
          : typing.map(read -> new Becomes.Value(valueMap().orElse(null), read));
    }

    /** Frappe's own rule for the default of a Document row; on_error lets it stand in alone. */
    private boolean standsAlways() {
      return mappingType.equals("Document")
          && has("default_value")
          && !text("on_error").equals(Optional.of("default"));
    }

    private Optional<ValueMap> valueMap() {
      JsonNode map = file.root().at(pointer("value_map"));
      if (!map.isObject()) {
        return Optional.empty();
      }
      Map<String, JsonNode> values = new HashMap<>();
      map.properties()
          .forEach(entry -> values.put(entry.getKey(), DocumentJson.asRead(entry.getValue())));
      return Optional.of(
          new ValueMap(
              values,
              choice(ValueMap.Missing.class, pointer("value_map_missing"), ValueMap.Missing.KEEP)));
    }

    private Optional<DocField> definition(String field) {
      return local.flatMap(docType -> docType.field(field));
    }

    private Optional<String> text(String key) {
      return OneMapping.this.text(pointer(key));
    }

    /** Whether the key has a value that is not empty. */
    private boolean has(String key) {
      return !FieldMapping.isEmpty(file.root().at(pointer(key)));
    }

    private boolean isThere(String key) {
      return !(file.root().at(pointer(key)) instanceof MissingNode);
    }

    private JsonPointer pointer(String key) {
      return at.appendProperty(key);
    }
  }
}
