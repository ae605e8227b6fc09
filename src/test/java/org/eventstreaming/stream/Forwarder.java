package org.eventstreaming.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.eventstreaming.standin.StandInSite;
import org.jspecify.annotations.Nullable;

/**
 * A local HTTP server between us and a site: a proxy that requests name the site to, or a gateway
 * that is called in its place and knows its key.
 */
public final class Forwarder implements AutoCloseable {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  /** What each of two connections says of itself. */
  private static final Set<String> OWN =
      Set.of(
          "host", "connection", "content-length", "transfer-encoding", "upgrade", "http2-settings");

  private static final String REFUSED = "refused";

  private final HttpServer server;
  private final String scheme;
  private final String site;
  private final UnaryOperator<@Nullable String> authorizations;
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<String> lines = new CopyOnWriteArrayList<>();

  private Forwarder(
      HttpServer server,
      String scheme,
      String site,
      UnaryOperator<@Nullable String> authorizations) {
    this.server = server;
    this.scheme = scheme;
    this.site = site;
    this.authorizations = authorizations;
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", this::forward);
    server.start();
  }

  /** Sends requests to this site, whatever host they are for: as a proxy that knows its name. */
  public static Forwarder proxyOf(StandInSite site) throws IOException {
    return new Forwarder(HttpServer.create(ANY, 0), "http", site.url(), given -> given);
  }

  /** Sends requests to wherever they say. */
  static Forwarder proxy() throws IOException {
    return new Forwarder(HttpServer.create(ANY, 0), "http", "", given -> given);
  }

  /** Sends requests that have this Authorization to a site with the site's key, and no others. */
  static Forwarder gateway(StandInSite site, String demanded) throws IOException {
    return new Forwarder(
        HttpServer.create(ANY, 0),
        "http",
        site.url(),
        given -> demanded.equals(given) ? key(site) : REFUSED);
  }

  /** The same behind a certificate, for callers that show one which it trusts. */
  static Forwarder gateway(StandInSite site, SSLContext certificate) throws IOException {
    HttpsServer server = HttpsServer.create(ANY, 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(certificate) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters ssl = certificate.getDefaultSSLParameters();
            ssl.setNeedClientAuth(true);
            parameters.setSSLParameters(ssl);
          }
        });
    return new Forwarder(server, "https", site.url(), given -> given);
  }

  private static String key(StandInSite site) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((site.apiKey() + ":" + site.apiSecret()).getBytes(UTF_8));
  }

  public int port() {
    return server.getAddress().getPort();
  }

  String url() {
    return "%s://127.0.0.1:%d".formatted(scheme, port());
  }

  /** What was asked for: method and address as they came. */
  List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private String address(URI asked) {
    String query = asked.getRawQuery() == null ? "" : "?" + asked.getRawQuery();
    return site.isEmpty() ? asked.toString() : site + asked.getRawPath() + query;
  }

  private void forward(HttpExchange exchange) throws IOException {
    try (exchange) {
      lines.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
      String given = exchange.getRequestHeaders().getFirst("Authorization");
      String sent = authorizations.apply(given);
      if (REFUSED.equals(sent)) {
        exchange.sendResponseHeaders(401, -1);
        return;
      }
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(address(exchange.getRequestURI())))
              .method(
                  exchange.getRequestMethod(),
                  HttpRequest.BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
      exchange
          .getRequestHeaders()
          .forEach(
              (name, values) -> {
                if (!OWN.contains(name.toLowerCase(Locale.ROOT))
                    && !name.equalsIgnoreCase("Authorization")) {
                  values.forEach(value -> request.header(name, value));
                }
              });
      if (sent != null) {
        request.header("Authorization", sent);
      }
      HttpResponse<byte[]> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      answer
          .headers()
          .map()
          .forEach(
              (name, values) -> {
                if (!OWN.contains(name.toLowerCase(Locale.ROOT))) {
                  values.forEach(value -> exchange.getResponseHeaders().add(name, value));
                }
              });
      byte[] body = answer.body();
      exchange.sendResponseHeaders(answer.statusCode(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
