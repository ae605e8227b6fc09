package org.eventstreaming.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SiteUrlTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://test_site:8000",
        "https://HQ.example.com",
        "http://[::1]:80",
        "http://127.0.0.1"
      })
  void an_address_stays_as_it_is(String url) {
    assertThat(SiteUrl.of(url)).isEqualTo(url);
  }

  @Test
  void one_slash_at_the_end_is_dropped() {
    assertThat(SiteUrl.of("https://hq.example.com/")).isEqualTo("https://hq.example.com");
  }

  @ParameterizedTest
  @CsvSource({
    "hq.example.com, must start with http:// or https://",
    "ftp://hq.example.com, must start with http:// or https://",
    "https://hq.example.com//, must not hold a path: nothing follows host and port",
    "https://hq.example.com/app, must not hold a path: nothing follows host and port",
    "https://hq.example.com?a=1, must not hold a query: nothing follows host and port",
    "https://hq.example.com#a, must not hold a query: nothing follows host and port",
    "https://me:pw@hq.example.com, must not hold a user or password",
    "'https://', 'must name a host, and a port if need be, as in https://hq.example.com:8443'",
    "https://a b, 'must name a host, and a port if need be, as in https://hq.example.com:8443'",
    "http://a:70000, 'must name a host, and a port if need be, as in https://hq.example.com:8443'"
  })
  void anything_else_is_refused(String url, String rule) {
    assertThatIllegalArgumentException().isThrownBy(() -> SiteUrl.of(url)).withMessage(rule);
  }
}
