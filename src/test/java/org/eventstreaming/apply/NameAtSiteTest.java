package org.eventstreaming.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class NameAtSiteTest {
  private static final String ANNA = "\"\u2063Customer\u2063Anna\u2063\"";
  private static final String BEN = "\"\u2063Customer\u2063Ben\u2063\"";

  @Test
  void a_text_says_names_in_place_of_those_that_stand_in_for_them() {
    String text = "{\"a\":" + ANNA + ",\"b\":" + BEN + ",\"c\":\"Anna\",\"d\":" + ANNA + "}";

    assertThat(NameAtSite.withoutStandIns(text, Map.of(ANNA, "\"CUST-1\"")))
        .isEqualTo("{\"a\":\"CUST-1\",\"b\":" + BEN + ",\"c\":\"Anna\",\"d\":\"CUST-1\"}");
  }

  @Test
  void a_text_that_holds_none_stays_as_it_is() {
    String text = "{\"a\":\"\u2063\",\"b\":\"x\u2063\"}";

    assertThat(NameAtSite.withoutStandIns(text, Map.of(ANNA, "\"CUST-1\""))).isEqualTo(text);
  }
}
