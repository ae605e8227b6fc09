package org.eventstreaming.site;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.security.cert.CertificateExpiredException;
import java.time.Clock;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import org.eventstreaming.main.SiteConnections;
import org.eventstreaming.producer.Secret;
import org.eventstreaming.producer.SiteAccess;
import org.eventstreaming.settings.HttpSettings;
import org.eventstreaming.stream.TestStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Why there is no connection is reported in plain words, with what helps. */
class NoConnectionTest {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final SiteConnections connections =
      TestStream.connections(
          Path.of(""),
          HttpSettings.DEFAULT
              .withConnectTimeout(Duration.ofSeconds(5))
              .withResponseTimeout(Duration.ofSeconds(5)));
  private final SiteCalls calls = connections.calls();

  @TempDir Path directory;

  @AfterEach
  void close() {
    connections.close();
  }

  @Test
  void a_name_that_nobody_knows() {
    assertThat(failure("https://no-such-site.invalid"))
        .contains("the name no-such-site.invalid is not known here", "name service (DNS)");
  }

  @Test
  void a_port_where_nothing_listens() {
    assertThat(failure("http://127.0.0.1:1"))
        .contains("the connection was refused, nothing listens at 127.0.0.1:1", "Check its port.");
  }

  @Test
  void a_certificate_that_nobody_vouches_for() throws Exception {
    HttpsServer server = https("ip:127.0.0.1", null);
    try {
      assertThat(failure("https://127.0.0.1:" + server.getAddress().getPort()))
          .contains("its certificate is not trusted here", "trust store", "docs/reference/settings")
          .doesNotContain("PKIX", "Is the site up");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void https_at_a_plain_port_and_http_at_one_with_tls() throws Exception {
    HttpsServer secure = https("ip:127.0.0.1", null);
    try (ServerSocket plain = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread answers = new Thread(() -> refuseAsPlain(plain));
      answers.setDaemon(true);
      answers.start();
      assertThat(failure("https://127.0.0.1:" + plain.getLocalPort()))
          .contains("it answers in plain http", "Write its address with http");
      assertThat(failure("http://127.0.0.1:" + secure.getAddress().getPort()))
          .contains("no answer", "its address begins with https");
    } finally {
      secure.stop(0);
    }
  }

  @Test
  void a_version_of_tls_that_is_too_old() throws Exception {
    HttpsServer server = https("ip:127.0.0.1", "TLSv1.1");
    try {
      assertThat(failure("https://127.0.0.1:" + server.getAddress().getPort()))
          .contains("the server ended the TLS handshake", "TLS 1.2 or 1.3");
    } finally {
      server.stop(0);
    }
    for (String said :
        new String[] {
          "Received fatal alert: protocol_version",
          "The server selected protocol version TLS10 is not accepted by client preferences"
              + " [TLS13, TLS12]"
        }) {
      NoConnection old =
          NoConnection.of(new SSLHandshakeException("(x) " + said), "https://erp.example");
      assertThat(old.why()).contains("no version of TLS that is accepted here", said);
      assertThat(old.advice()).contains("TLS 1.2 or 1.3");
    }
  }

  @Test
  void a_certificate_that_has_expired_or_is_of_another_name() {
    IOException expired = new SSLHandshakeException("PKIX path validation failed");
    expired.initCause(new CertificateExpiredException("NotAfter: Sat Jan 03 00:00:00 UTC 2026"));

    assertThat(NoConnection.of(expired, "https://erp.example").why())
        .isEqualTo("its certificate has expired (NotAfter: Sat Jan 03 00:00:00 UTC 2026)");
    for (String said :
        new String[] {
          "No subject alternative DNS name matching erp.example found.",
          "No name matching erp.example found",
          "Certificate for <erp.example> doesn't match any of the subject alternative names: [x]"
        }) {
      assertThat(NoConnection.of(new SSLHandshakeException(said), "https://erp.example").why())
          .isEqualTo("its certificate is not for the name erp.example");
    }
  }

  /** As web servers answer what is no request to them. */
  private static void refuseAsPlain(ServerSocket plain) {
    try {
      while (true) {
        try (Socket call = plain.accept()) {
          call.getOutputStream()
              .write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".getBytes(US_ASCII));
          call.shutdownOutput();
          call.getInputStream().readAllBytes();
        }
      }
    } catch (IOException e) {
      // the test is over
    }
  }

  private HttpsServer https(String name, @Nullable String onlyVersion) throws Exception {
    SSLContext certificate = TestCertificate.of(directory, 30, name, "-1H");
    HttpsServer server = HttpsServer.create(ANY, 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(certificate) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters ssl = certificate.getDefaultSSLParameters();
            if (onlyVersion != null) {
              ssl.setProtocols(new String[] {onlyVersion});
            }
            parameters.setSSLParameters(ssl);
          }
        });
    server.start();
    return server;
  }

  private String failure(String url) {
    Secret none = new Secret("x");
    FrappeSite site =
        new FrappeSites(calls, Clock.systemUTC(), ReadOnce.ONCE)
            .of(new SiteAccess(url, "u", none, none));
    SiteFailure failure = catchThrowableOfType(SiteFailure.class, site::greet);
    assertThat(failure.kind()).isEqualTo(SiteFailure.Kind.UNREACHABLE);
    assertThat(failure.getMessage()).startsWith("Could not reach the site at " + url + ": ");
    return failure.getMessage();
  }
}
