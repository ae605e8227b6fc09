package org.eventstreaming.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes mails, one connection after the other, and keeps their lines. */
final class MailServer implements AutoCloseable {
  private final ServerSocket socket;
  private final List<String> lines = new CopyOnWriteArrayList<>();

  private MailServer(ServerSocket socket) {
    this.socket = socket;
  }

  static MailServer start() throws IOException {
    MailServer server = new MailServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    Thread thread = new Thread(server::serve, "mail");
    thread.setDaemon(true);
    thread.start();
    return server;
  }

  int port() {
    return socket.getLocalPort();
  }

  List<String> received() {
    return List.copyOf(lines);
  }

  private void serve() {
    while (!socket.isClosed()) {
      try (Socket client = socket.accept()) {
        talk(client);
      } catch (IOException e) {
        // the client left, or we are to end
      }
    }
  }

  private void talk(Socket client) throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
    say(client, "220 ready");
    boolean text = false;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (text) {
        lines.add(line);
        text = !line.equals(".");
        if (!text) {
          say(client, "250 kept");
        }
      } else {
        text = line.equals("DATA");
        say(client, text ? "354 go on" : "250 yes");
      }
    }
  }

  private static void say(Socket client, String line) throws IOException {
    client.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
