package org.eventstreaming.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.eventstreaming.site.TestCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckAddressTest {
  private static final Clock NOW = Clock.systemUTC();
  private static final SSLSocketFactory OF_JAVA = (SSLSocketFactory) SSLSocketFactory.getDefault();

  @TempDir Path directory;

  @Test
  void a_certificate_that_nobody_vouches_for_is_a_closed_door() throws Exception {
    List<Finding> findings = served(certificate(90, "ip:127.0.0.1"), OF_JAVA, NOW);

    assertThat(findings).extracting(Finding::check).containsExactly("DNS", "TLS");
    assertThat(findings.get(1).level()).isEqualTo(Finding.Level.CLOSED);
    assertThat(findings.get(1).what()).contains("certificate is not trusted here");
    assertThat(findings.get(1).advice()).contains("trust store", "Certificates in docs");
  }

  @Test
  void a_certificate_that_is_valid_for_long_is_reported_with_its_end() throws Exception {
    SSLContext context = certificate(90, "ip:127.0.0.1");

    Finding tls = served(context, context.getSocketFactory(), NOW).get(1);

    assertThat(tls.level()).isEqualTo(Finding.Level.OK);
    assertThat(tls.what()).contains("valid until 20");
  }

  @Test
  void a_certificate_that_ends_soon_is_a_warning() throws Exception {
    SSLContext context = certificate(90, "ip:127.0.0.1");
    Clock later = Clock.offset(NOW, Duration.ofDays(80));

    Finding tls = served(context, context.getSocketFactory(), later).get(1);

    assertThat(tls.level()).isEqualTo(Finding.Level.WARNING);
    assertThat(tls.advice()).contains("within 9 days");
  }

  @Test
  void a_certificate_of_another_name_is_a_closed_door() throws Exception {
    SSLContext context = certificate(90, "dns:other.example.com");

    Finding tls = served(context, context.getSocketFactory(), NOW).get(1);

    assertThat(tls.level()).isEqualTo(Finding.Level.CLOSED);
    assertThat(tls.what()).contains("certificate is not for the name 127.0.0.1");
  }

  @Test
  void a_certificate_that_has_expired_and_is_trusted_all_the_same_is_a_warning() throws Exception {
    SSLContext context = TestCertificate.of(directory, 1, "ip:127.0.0.1", "-3d");

    Finding tls = served(context, context.getSocketFactory(), NOW).get(1);

    assertThat(tls.level()).isEqualTo(Finding.Level.WARNING);
    assertThat(tls.what()).contains("certificate has expired");
    assertThat(tls.advice()).contains("Renew");
  }

  @Test
  void a_name_that_nobody_knows_ends_the_looking() {
    List<Finding> findings = check("https://no-such-site.invalid", OF_JAVA, NOW);

    assertThat(findings)
        .singleElement()
        .satisfies(dns -> assertThat(dns.level()).isEqualTo(Finding.Level.CLOSED))
        .satisfies(dns -> assertThat(dns.what()).contains("no-such-site.invalid"));
  }

  private List<Finding> served(SSLContext context, SSLSocketFactory trusting, Clock clock)
      throws IOException {
    HttpsServer server =
        HttpsServer.create(
            new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.start();
    try {
      return check("https://127.0.0.1:" + server.getAddress().getPort(), trusting, clock);
    } finally {
      server.stop(0);
    }
  }

  private static List<Finding> check(String url, SSLSocketFactory trusting, Clock clock) {
    return new CheckAddress(trusting, Duration.ofSeconds(10), clock, false).check(url);
  }

  private SSLContext certificate(int days, String name) throws Exception {
    return TestCertificate.of(directory, days, name, "-1H");
  }
}
