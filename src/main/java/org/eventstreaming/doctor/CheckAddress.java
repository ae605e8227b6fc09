package org.eventstreaming.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.eventstreaming.site.NoConnection;

/** Checks an address before the site is called: its scheme, host name and certificate. */
public final class CheckAddress {
  private static final int HTTPS = 443;
  private static final Duration SOON = Duration.ofDays(14);

  private final SSLSocketFactory sockets;
  private final Duration patience;
  private final Clock clock;
  private final boolean ownRoute;

  /**
   * @param sockets whose certificates are trusted
   * @param patience how long a connection may take
   * @param ownRoute whether calls take a route of the project, such as by a proxy: then an address
   *     need not be known or reachable here
   */
  public CheckAddress(SSLSocketFactory sockets, Duration patience, Clock clock, boolean ownRoute) {
    this.sockets = sockets;
    this.patience = patience;
    this.clock = clock;
    this.ownRoute = ownRoute;
  }

  /** Stops at the first finding that makes further checks pointless. */
  List<Finding> check(String url) {
    URI address = URI.create(url);
    List<Finding> findings = new ArrayList<>();
    if (ownRoute) {
      findings.add(
          Finding.skipped(
              "DNS",
              "Calls go through the project's own routes/call-site.camel.yaml: host name and certificate are checked by the calls only."));
      return findings;
    }
    List<InetAddress> found;
    try {
      found = addresses(url);
    } catch (UnknownHostException e) {
      findings.add(
          Finding.closed(
              "DNS",
              "No address is known for " + address.getHost() + ".",
              "Correct producer_url, or the name service of this machine."));
      return findings;
    }
    findings.add(
        Finding.ok(
            "DNS",
            address.getHost()
                + " is "
                + found.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(", "))
                + "."));
    if (address.getScheme().equals("https")) {
      findings.add(certificate(address));
    } else if (!found.stream().allMatch(InetAddress::isLoopbackAddress)) {
      findings.add(
          Finding.warning(
              "TLS",
              "The address begins with http: the key and the documents are sent unencrypted.",
              "Use https, unless the network in between is trusted."));
    }
    return findings;
  }

  /** Whether the address is of the machine that asks. */
  static boolean isLoopback(String url) {
    try {
      return addresses(url).stream().allMatch(InetAddress::isLoopbackAddress);
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static List<InetAddress> addresses(String url) throws UnknownHostException {
    return Arrays.asList(InetAddress.getAllByName(URI.create(url).getHost()));
  }

  private Finding certificate(URI address) {
    String host = address.getHost();
    int port = address.getPort() < 0 ? HTTPS : address.getPort();
    int millis = (int) patience.toMillis();
    try (Socket plain = new Socket()) {
      plain.connect(new InetSocketAddress(host, port), millis);
      try (SSLSocket socket = (SSLSocket) sockets.createSocket(plain, host, port, true)) {
        socket.setSoTimeout(millis);
        SSLParameters parameters = socket.getSSLParameters();
        // else the name in the certificate is not compared
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return validity((X509Certificate) socket.getSession().getPeerCertificates()[0]);
      }
    } catch (IOException e) {
      NoConnection why = NoConnection.of(e, address.toString());
      return Finding.closed("TLS", why.sentence(), why.advice());
    }
  }

  private Finding validity(X509Certificate certificate) {
    Instant end = certificate.getNotAfter().toInstant();
    Duration left = Duration.between(clock.instant(), end);
    if (left.isNegative()) {
      return Finding.warning(
          "TLS",
          "The certificate has expired, on " + end + ".",
          "Renew it: it is accepted only because the trust store of this Java contains it.");
    }
    String text = "The certificate is valid until " + end + ".";
    return left.compareTo(SOON) < 0
        ? Finding.warning(
            "TLS",
            text,
            "Renew it within %d days: nothing is read after that.".formatted(left.toDays()))
        : Finding.ok("TLS", text);
  }
}
