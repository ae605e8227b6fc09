package org.eventstreaming.camel;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Message;
import org.apache.camel.Producer;
import org.apache.camel.component.http.HttpMethods;
import org.apache.camel.spi.UnitOfWork;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.UnitOfWorkHelper;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.eventstreaming.site.CallSiteFailed;
import org.eventstreaming.site.RateLimit;
import org.eventstreaming.site.SiteAnswer;
import org.eventstreaming.site.SiteCall;
import org.eventstreaming.site.SiteCalls;
import org.jspecify.annotations.Nullable;

/**
 * Calls sites through the route {@code call-site}. The body of an answer is handed on as it comes
 * from the connection, so that a backlog of any length passes through; the exchange ends when it
 * was read.
 */
public final class HttpSiteCalls implements SiteCalls, AutoCloseable {
  private static final ContentType FORM = ContentType.create("application/x-www-form-urlencoded");

  private final CamelContext context;
  private final SiteKeys keys;
  private final Producer route;

  public HttpSiteCalls(CamelContext context, SiteKeys keys) {
    this.context = context;
    this.keys = keys;
    // a route that is stopped is not waited for
    Endpoint endpoint = context.getEndpoint("direct:call-site?block=false");
    this.route = producer(endpoint);
    ServiceHelper.startService(endpoint, route);
  }

  @Override
  public SiteAnswer send(SiteCall call) throws IOException {
    Exchange exchange = exchange(call);
    UnitOfWork work = PluginHelper.getUnitOfWorkFactory(context).createUnitOfWork(exchange);
    exchange.getExchangeExtension().setUnitOfWork(work);
    try (SiteKeys.OpenCall open = keys.open(call)) {
      exchange.getIn().setHeader(SiteKeys.CALL, open.number());
      process(exchange, open);
      return answer(exchange, work);
    } catch (IOException | RuntimeException | Error e) {
      UnitOfWorkHelper.doneUow(work, exchange);
      throw e;
    }
  }

  @Override
  public void close() {
    ServiceHelper.stopService(route);
  }

  private Exchange exchange(SiteCall call) {
    Exchange exchange = route.getEndpoint().createExchange(ExchangePattern.InOut);
    exchange.setVariable("site", call.url());
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
    if (call.form() != null) {
      in.setHeader(Exchange.CONTENT_TYPE, FORM.getMimeType());
      // not as text, which a tracer would write down: forms hold secrets too
      in.setBody(new StringEntity(call.rawForm(), FORM));
    }
    if (call.upload() != null) {
      in.setHeader(Exchange.CONTENT_TYPE, call.upload().contentType());
      in.setBody(call.upload().body().toFile());
    }
    return exchange;
  }

  private void process(Exchange exchange, SiteKeys.OpenCall open) throws IOException {
    try {
      route.process(exchange);
    } catch (Exception e) {
      exchange.setException(e);
    }
    Exception failure = exchange.getException();
    if (failure instanceof CallSiteFailed failed) {
      throw failed;
    }
    if (failure != null && !open.hasReachedSite()) {
      throw new CallSiteFailed(
          Objects.requireNonNullElse(failure.getMessage(), failure.toString()), failure);
    }
    if (failure instanceof IOException broken) {
      throw broken;
    }
    if (failure != null) {
      throw new IOException(failure.getMessage(), failure);
    }
    if (!open.hasReachedSite()) {
      throw new CallSiteFailed(
          "it answered and sent no request with the header %s".formatted(SiteKeys.CALL));
    }
  }

  private static SiteAnswer answer(Exchange exchange, UnitOfWork work) throws IOException {
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
        body(exchange, work));
  }

  private static Producer producer(Endpoint endpoint) {
    try {
      return endpoint.createProducer();
    } catch (Exception e) {
      throw new IllegalStateException("Could not set up calls to sites", e);
    }
  }

  private static InputStream body(Exchange exchange, UnitOfWork work) throws IOException {
    Object body = exchange.getMessage().getBody();
    InputStream stream =
        body == null
            ? InputStream.nullInputStream()
            : exchange.getMessage().getBody(InputStream.class);
    if (stream == null) {
      throw new IOException("an answer that is not a stream: " + body.getClass());
    }
    return new Answered(stream, exchange, work);
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

  /** The body of an answer. The exchange ends with it. */
  private static final class Answered extends FilterInputStream {
    private final Exchange exchange;
    private final UnitOfWork work;
    private boolean ended;

    Answered(InputStream body, Exchange exchange, UnitOfWork work) {
      super(body);
      this.exchange = exchange;
      this.work = work;
    }

    @Override
    public void close() throws IOException {
      try {
        super.close();
      } finally {
        if (!ended) {
          ended = true;
          UnitOfWorkHelper.doneUow(work, exchange);
        }
      }
    }
  }
}
