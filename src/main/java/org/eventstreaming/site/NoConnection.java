package org.eventstreaming.site;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.eventstreaming.update.NoJson;
import org.jspecify.annotations.Nullable;

/**
 * Why no answer came from an address, in the words of a person who looks after sites.
 *
 * @param why a clause without a full stop
 * @param advice whole sentences
 */
public record NoConnection(String why, String advice) {
  private static final String UP = "Is the site up and reachable?";

  /** Of a call to a site with this address. */
  public static NoConnection of(IOException cause, String url) {
    URI address = URI.create(url);
    String host = String.valueOf(address.getHost());
    boolean secure = "https".equals(address.getScheme());
    int port = address.getPort() < 0 ? (secure ? 443 : 80) : address.getPort();
    String place = host + ":" + port;
    Throwable route = in(cause, CallSiteFailed.class, "");
    if (route != null) {
      return new NoConnection(
          "the route call-site failed: " + route.getMessage(),
          "Correct routes/call-site.camel.yaml; `event-streaming routes diff call-site` shows what is other in it.");
    }
    if (in(cause, UnknownHostException.class, "") != null) {
      return new NoConnection(
          "no answer: the name " + host + " is not known here",
          "Correct the address in its file, or the name service (DNS) of this machine.");
    }
    if (in(cause, SSLException.class, "") != null) {
      return ofTls(cause, host, place);
    }
    if (in(cause, ConnectException.class, "refused") != null) {
      return new NoConnection(
          "no answer: the connection was refused, nothing listens at " + place,
          UP + " Check its port.");
    }
    if (in(cause, NoRouteToHostException.class, "") != null
        || in(cause, SocketException.class, "unreachable") != null) {
      return new NoConnection(
          "no answer: the network has no way to " + place,
          "Look at the routes and the firewall between this machine and the site.");
    }
    if (in(cause, SocketTimeoutException.class, "") == null && !secure && isCutOff(cause)) {
      return new NoConnection(
          "no answer (" + NoJson.why(cause) + ")",
          UP + " If it serves TLS at that port, its address begins with https.");
    }
    return new NoConnection("no answer (" + NoJson.why(cause) + ")", UP);
  }

  /** The same as a sentence. */
  public String sentence() {
    return Character.toUpperCase(why.charAt(0)) + why.substring(1) + ".";
  }

  private static NoConnection ofTls(IOException cause, String host, String place) {
    if (in(cause, CertificateExpiredException.class, "") != null) {
      return new NoConnection(
          "its certificate has expired (" + innermost(cause) + ")",
          "Renew the certificate of the site. If it was renewed, look at the clock of this machine.");
    }
    if (in(cause, CertificateNotYetValidException.class, "") != null) {
      return new NoConnection(
          "its certificate is not valid yet (" + innermost(cause) + ")",
          "Check the clocks of this machine and of the site.");
    }
    if (says(cause, "subject alternative", "no name matching", "doesn't match")) {
      return new NoConnection(
          "its certificate is not for the name " + host,
          "Put the name that the certificate bears into its file, or have the certificate made for "
              + host
              + ".");
    }
    if (says(cause, "unrecognized ssl message", "plaintext connection", "unsupported record")) {
      return new NoConnection(
          "it answers in plain http: " + place + " answers without TLS",
          "Write its address with http, or with the port at which the site serves https.");
    }
    if (says(cause, "protocol_version", "not accepted by client", "no appropriate protocol")) {
      return new NoConnection(
          "it offers no version of TLS that is accepted here (" + NoJson.why(cause) + ")",
          "Enable TLS 1.2 or 1.3 in its web server.");
    }
    if (says(cause, "terminated the handshake", "handshake_failure")) {
      return new NoConnection(
          "the server ended the TLS handshake (" + NoJson.why(cause) + ")",
          "Does it serve https at that port, for that name, with TLS 1.2 or 1.3?");
    }
    if (says(cause, "pkix", "certification path", "trust anchor", "self-signed", "self signed")) {
      return new NoConnection(
          "its certificate is not trusted here: no authority that this Java trusts vouches for it",
          "Let the site send its whole chain, or add its authority to a trust store: see"
              + " Certificates in docs/reference/settings.md.");
    }
    return new NoConnection("no TLS connection (" + NoJson.why(cause) + ")", UP);
  }

  /** Whether a connection ended where an answer was to begin. */
  private static boolean isCutOff(IOException cause) {
    return says(cause, "failed to respond", "invalid", "reset", "end of stream", "closed");
  }

  private static boolean says(IOException cause, String... texts) {
    for (String text : texts) {
      if (in(cause, Throwable.class, text) != null) {
        return true;
      }
    }
    return false;
  }

  /** The first of its causes of that kind whose message has this text in any case. */
  private static @Nullable Throwable in(
      Throwable failure, Class<? extends Throwable> kind, String text) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Throwable one = failure; one != null && seen.add(one); one = one.getCause()) {
      String message = String.valueOf(one.getMessage()).toLowerCase(Locale.ROOT);
      if (kind.isInstance(one) && message.contains(text)) {
        return one;
      }
    }
    return null;
  }

  private static String innermost(Throwable failure) {
    Throwable last = failure;
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Throwable one = failure; one != null && seen.add(one); one = one.getCause()) {
      last = one;
    }
    return last.getMessage() == null ? last.getClass().getSimpleName() : last.getMessage();
  }
}
