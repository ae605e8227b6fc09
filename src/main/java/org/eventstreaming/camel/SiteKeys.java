package org.eventstreaming.camel;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.eventstreaming.site.Authorization;
import org.eventstreaming.site.CallSiteFailed;
import org.eventstreaming.site.SiteCall;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds the key of a site to a request behind the last step of the route {@code call-site}: in the
 * HTTP client, after everything that looks at requests there. The exchange carries the number of
 * the call in a header, which does not leave; so the key is in no exchange, trace or log. A request
 * of a call goes to the address of its site and to no other.
 */
public final class SiteKeys implements HttpClientConfigurer {
  static final String CALL = "Event-Streaming-Call";

  /** It logs what goes over a connection, byte by byte. */
  private static final Logger WIRE = LoggerFactory.getLogger("org.apache.hc.client5.http.wire");

  private final Map<String, OpenCall> open = new ConcurrentHashMap<>();
  private final AtomicLong last = new AtomicLong();

  /** Lets requests with the number of this call through until it is closed. */
  OpenCall open(SiteCall call) {
    OpenCall opened = new OpenCall(Long.toString(last.incrementAndGet()), call);
    open.put(opened.number, opened);
    return opened;
  }

  @Override
  public void configureHttpClient(HttpClientBuilder client) {
    client
        .disableRedirectHandling()
        .disableAutomaticRetries()
        .disableCookieManagement()
        .addExecInterceptorAfter(ChainElement.PROTOCOL.name(), "site-keys", this::check)
        .setRequestExecutor(new SendWithKey());
  }

  /** Before a connection is made: whether it may be. */
  private ClassicHttpResponse check(
      ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
      throws IOException, HttpException {
    OpenCall call = of(request);
    if (call == null) {
      return chain.proceed(request, scope);
    }
    call.check(scope.route.getTargetHost());
    HttpHost proxy = scope.route.getProxyHost();
    try {
      return chain.proceed(request, scope);
    } catch (ConnectException | NoRouteToHostException | UnknownHostException e) {
      if (proxy == null) {
        throw e;
      }
      throw new CallSiteFailed(
          "the proxy %s does not answer (%s)".formatted(proxy, e.getMessage()), e);
    }
  }

  /** Null where the request is none of a call, such as one for a token. */
  private @Nullable OpenCall of(ClassicHttpRequest request) throws CallSiteFailed {
    Header number = request.getFirstHeader(CALL);
    if (number == null) {
      return null;
    }
    OpenCall call = open.get(number.getValue());
    if (call == null) {
      throw new CallSiteFailed("it sent a request of a call that had ended");
    }
    return call;
  }

  /** Adds the key, as the request is written to the connection, for no longer than that. */
  private final class SendWithKey extends HttpRequestExecutor {
    @Override
    public ClassicHttpResponse execute(
        ClassicHttpRequest request,
        HttpClientConnection connection,
        @Nullable HttpResponseInformationCallback information,
        HttpContext context)
        throws IOException, HttpException {
      OpenCall call = of(request);
      if (call == null) {
        return super.execute(request, connection, information, context);
      }
      Header key = call.key(request);
      request.removeHeaders(CALL);
      try {
        if (key != null) {
          request.addHeader(key);
        }
        return super.execute(request, connection, information, context);
      } finally {
        if (key != null) {
          request.removeHeader(key);
        }
      }
    }
  }

  /** A call that is under way. */
  final class OpenCall implements AutoCloseable {
    private final String number;
    private final SiteCall call;
    private volatile boolean reached;

    private OpenCall(String number, SiteCall call) {
      this.number = number;
      this.call = call;
    }

    String number() {
      return number;
    }

    /** Whether a request came as far as to be sent to the site. */
    boolean hasReachedSite() {
      return reached;
    }

    @Override
    public void close() {
      open.remove(number);
    }

    private void check(HttpHost target) throws CallSiteFailed {
      URI site = URI.create(call.url());
      if (!site.getScheme().equalsIgnoreCase(target.getSchemeName())
          || !host(site).equalsIgnoreCase(target.getHostName())
          || port(site.getScheme(), site.getPort())
              != port(target.getSchemeName(), target.getPort())) {
        throw new CallSiteFailed(
            "it sent a call to %s to %s, and a call goes to its own site only"
                .formatted(call.url(), target.toURI()));
      }
      reached = true;
    }

    /** Null where none is to be added. */
    private @Nullable Header key(ClassicHttpRequest request) throws CallSiteFailed {
      if (call.authorization() instanceof Authorization.ByRoute) {
        return null;
      }
      if (request.containsHeader(HttpHeaders.AUTHORIZATION)) {
        throw new CallSiteFailed(
            "it set the header Authorization of a call to %s, whose file has a key: a file with authentication: route has none"
                .formatted(call.url()));
      }
      if (!(call.authorization() instanceof Authorization.Key key)) {
        return null;
      }
      if (WIRE.isDebugEnabled()) {
        throw new CallSiteFailed(
            "the logger %s would write the key of %s into the log: set it to INFO"
                .formatted(WIRE.getName(), call.url()));
      }
      return new HiddenHeader(HttpHeaders.AUTHORIZATION, key.header().reveal());
    }
  }

  private static String host(URI site) {
    // of an IPv6 address the brackets
    return site.getHost().replaceAll("[\\[\\]]", "");
  }

  private static int port(String scheme, int port) {
    return port >= 0 ? port : scheme.equalsIgnoreCase("https") ? 443 : 80;
  }

  /** One that logs without its value. */
  private static final class HiddenHeader extends BasicHeader {
    private static final long serialVersionUID = 1L;

    HiddenHeader(String name, String value) {
      super(name, value, true);
    }

    @Override
    public String toString() {
      return getName() + ": ****";
    }
  }
}
