package org.eventstreaming.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.eventstreaming.postgres.EmbeddedServer;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.update.DocumentJson;

/**
 * A stock stand-in site with documents to load, and the PostgreSQL of the jar, until the input
 * ends: what {@code bench/peers.sh} runs programs on. Prints where both are.
 */
public final class ServeSite {
  private ServeSite() {}

  public static void main(String[] args) throws Exception {
    int documents = Integer.parseInt(args[1]);
    int withRows = Integer.parseInt(args[2]);
    try (StandInSite site = StandInSite.start(Generation.STOCK_15);
        EmbeddedServer server = EmbeddedServer.start(Path.of(args[0]))) {
      SiteDocuments.define(site);
      site.put("DocType", type("ToDo", 0));
      site.put("DocType", type("Pick List", 0));
      IntStream.range(0, documents).forEach(i -> site.put("ToDo", SiteDocuments.todo(i)));
      IntStream.range(0, withRows).forEach(i -> site.put("Pick List", SiteDocuments.pickList(i)));
      System.out.printf(
          "%s %s %s%n%s %s%n",
          site.url(),
          site.apiKey(),
          site.apiSecret(),
          server.jdbcUrl(),
          server.password().reveal());
      System.out.flush();
      while (System.in.read() >= 0) {
        // until it ends
      }
    }
    System.exit(0);
  }

  private static ObjectNode type(String name, int istable) {
    return DocumentJson.MAPPER
        .createObjectNode()
        .put("name", name)
        .put("issingle", 0)
        .put("istable", istable);
  }
}
