package org.eventstreaming.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LoadProgressTest {
  @Test
  void a_bar_shows_the_share_of_what_the_producer_counted() {
    assertThat(reported(500, 1_000L)).isEqualTo("Item [##########          ] 50 %, 500 of 1,000");
    assertThat(reported(0, 3L)).isEqualTo("Item [                    ] 0 %, 0 of 3");
  }

  @Test
  void more_than_was_counted_is_all() {
    assertThat(reported(12, 10L)).isEqualTo("Item [####################] 100 %, 12 of 12");
  }

  @Test
  void where_nobody_counted_there_is_no_bar() {
    assertThat(reported(12_000, null)).isEqualTo("Item: 12,000");
  }

  private static String reported(long done, @Nullable Long total) {
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    row.put("ref_doctype", "Item").put("load_done", done).put("load_total", total);
    return LoadProgress.reported(row);
  }
}
