package org.eventstreaming.files;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Writes values as a file of the project, the way a person writes it and {@link FileSchema} reads.
 */
public final class YamlText {
  // of the same schema as files are read with, so that only text in need of quotes gets them
  private static final DumpSettings AS_PEOPLE_WRITE =
      DumpSettings.builder()
          .setSchema(new CoreSchema())
          .setDefaultFlowStyle(FlowStyle.BLOCK)
          .setIndent(2)
          .setIndicatorIndent(2)
          .setIndentWithIndicator(true)
          .setWidth(Integer.MAX_VALUE)
          .build();

  private static final ObjectMapper JSON = new ObjectMapper();

  private YamlText() {}

  /**
   * The text of a file whose first line names its schema to editors.
   *
   * @param schema the name of the schema, as in {@link FileSchema#named}
   */
  public static String of(String schema, ObjectNode values) {
    return "# yaml-language-server: $schema=../src/main/resources/schema/"
        + schema
        + "\n"
        + new Dump(AS_PEOPLE_WRITE).dumpToString(JSON.convertValue(values, Object.class));
  }
}
