package org.eventstreaming.camel;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Message;
import org.apache.camel.Producer;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.component.http.HttpMethods;
import org.apache.camel.support.service.ServiceHelper;
import org.eventstreaming.settings.HttpSettings;
import org.eventstreaming.site.RateLimit;
import org.eventstreaming.site.SiteAnswer;
import org.eventstreaming.site.SiteCall;
import org.eventstreaming.site.SiteCalls;
import org.jspecify.annotations.Nullable;

/**
 * Calls through camel-http. The body of an answer is handed on as it comes from the connection, so
 * that a backlog of any length passes through.
 */
public final class HttpSiteCalls implements SiteCalls, AutoCloseable {
  private final Map<String, Producer> producers = new TreeMap<>();

  public HttpSiteCalls(CamelContext context, HttpSettings settings) {
    for (String scheme : new String[] {"http", "https"}) {
      HttpComponent component = context.getComponent(scheme, HttpComponent.class);
      component.setCookieManagementDisabled(true);
      component.setAutomaticRetriesDisabled(true);
      component.setRedirectHandlingDisabled(true);
      component.setConnectionsPerRoute(8);
      // a limit over all sites would let silent ones hold up the others
      component.setMaxTotalConnections(Integer.MAX_VALUE);
      Endpoint endpoint =
          context.getEndpoint(
              scheme
                  + "://site?throwExceptionOnFailure=false&followRedirects=false"
                  + "&disableStreamCache=true&copyHeaders=false"
                  + "&connectTimeout="
                  + millis(settings.connectTimeout())
                  + "&responseTimeout="
                  + millis(settings.responseTimeout())
                  + "&soTimeout="
                  + millis(settings.responseTimeout()));
      Producer producer = producer(endpoint);
      ServiceHelper.startService(endpoint, producer);
      producers.put(scheme, producer);
    }
  }

  @Override
  public SiteAnswer send(SiteCall call) throws IOException {
    Producer producer = producers.get(URI.create(call.url()).getScheme());
    if (producer == null) {
      throw new IOException("neither http nor https: " + call.url());
    }
    Exchange exchange = producer.getEndpoint().createExchange(ExchangePattern.InOut);
    Message in = exchange.getIn();
    // a text would be looked up among all converters of Camel, call by call
    in.setHeader(Exchange.HTTP_METHOD, HttpMethods.valueOf(call.method()));
    in.setHeader(Exchange.HTTP_URI, call.url() + call.path());
    if (!call.query().isEmpty()) {
      in.setHeader(Exchange.HTTP_QUERY, call.rawQuery());
    }
    in.setHeader("Accept", "application/json");
    // what a site says is also read by this program
    in.setHeader("Accept-Language", "en");
    if (call.authorization() != null) {
      in.setHeader("Authorization", call.authorization().reveal());
    }
    if (call.form() != null) {
      in.setHeader(Exchange.CONTENT_TYPE, "application/x-www-form-urlencoded");
      in.setBody(call.rawForm());
    }
    if (call.upload() != null) {
      in.setHeader(Exchange.CONTENT_TYPE, call.upload().contentType());
      in.setBody(call.upload().body().toFile());
    }
    try {
      producer.process(exchange);
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e.getMessage(), e);
    }
    Message answer = exchange.getMessage();
    return new SiteAnswer(
        answer.getHeader(Exchange.HTTP_RESPONSE_CODE, 0, Integer.class),
        answer.getHeader(Exchange.CONTENT_TYPE, "", String.class),
        Duration.ofSeconds(number(answer, "Retry-After")),
        new RateLimit(
            number(answer, "X-RateLimit-Limit"),
            number(answer, "X-RateLimit-Remaining"),
            Duration.ofSeconds(number(answer, "X-RateLimit-Reset"))),
        answer.getHeader("Location", String.class),
        date(answer.getHeader("Date", "", String.class)),
        body(answer));
  }

  @Override
  public void close() {
    producers.values().forEach(ServiceHelper::stopService);
  }

  private static Producer producer(Endpoint endpoint) {
    try {
      return endpoint.createProducer();
    } catch (Exception e) {
      throw new IllegalStateException("Could not set up calls to sites", e);
    }
  }

  private static InputStream body(Message answer) throws IOException {
    Object body = answer.getBody();
    if (body == null) {
      return InputStream.nullInputStream();
    }
    InputStream stream = answer.getBody(InputStream.class);
    if (stream == null) {
      throw new IOException("an answer that is no stream: " + body.getClass());
    }
    return stream;
  }

  /** 0 where there is none. */
  private static long number(Message answer, String header) {
    String text = answer.getHeader(header, "", String.class);
    return text.matches("\\d{1,15}") ? Long.parseLong(text) : 0;
  }

  private static @Nullable Instant date(String text) {
    try {
      return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static long millis(Duration time) {
    return time.toMillis();
  }
}
