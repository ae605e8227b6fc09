#!/usr/bin/env bash
# Apache Camel 4.18.0, camel-http: oauth2CacheTokens keeps a token for each address with its query,
# not for each client and token endpoint.
#
# Expected: with oauth2CacheTokens the token of a client is fetched once and used for all calls of
# the endpoint until it expires, whatever their queries are (a token belongs to a client, not to an
# address).
# Seen: five calls of one endpoint to one host and path, each with another query in CamelHttpQuery,
# fetch five tokens that are valid for an hour; five calls with the same query fetch one. An API that
# is read in pages or by filters gains nothing by the cache, which grows with each address.
#
# Needs JDK 17 and Maven. Ends with 0 as long as this is so.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir -p src/main/java
cat > pom.xml <<'POM'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId>
  <artifactId>finding</artifactId>
  <version>1</version>
  <properties>
    <maven.compiler.release>17</maven.compiler.release>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
  <dependencies>
    <dependency>
      <groupId>org.apache.camel</groupId>
      <artifactId>camel-core</artifactId>
      <version>4.18.0</version>
    </dependency>
    <dependency>
      <groupId>org.apache.camel</groupId>
      <artifactId>camel-http</artifactId>
      <version>4.18.0</version>
    </dependency>
  </dependencies>
  <build>
    <plugins>
      <plugin>
        <artifactId>maven-compiler-plugin</artifactId>
        <version>3.14.1</version>
      </plugin>
      <plugin>
        <groupId>org.codehaus.mojo</groupId>
        <artifactId>exec-maven-plugin</artifactId>
        <version>3.5.1</version>
        <configuration><mainClass>Finding</mainClass></configuration>
      </plugin>
    </plugins>
  </build>
</project>
POM
cat > src/main/java/Finding.java <<'JAVA'
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;

public class Finding {
  public static void main(String[] args) throws Exception {
    AtomicInteger tokens = new AtomicInteger();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          boolean isToken = exchange.getRequestURI().getPath().equals("/token");
          if (isToken) {
            tokens.incrementAndGet();
          }
          byte[] answer =
              (isToken ? "{\"access_token\":\"t\",\"expires_in\":3600}" : "[]")
                  .getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    String base = "http://127.0.0.1:" + server.getAddress().getPort();
    String endpoint =
        base
            + "/items?oauth2ClientId=id&oauth2ClientSecret=secret&oauth2CacheTokens=true"
            + "&oauth2TokenEndpoint="
            + base
            + "/token";
    try (DefaultCamelContext context = new DefaultCamelContext()) {
      context.start();
      ProducerTemplate calls = context.createProducerTemplate();
      for (boolean same : new boolean[] {true, false}) {
        tokens.set(0);
        for (int i = 1; i <= 5; i++) {
          calls.requestBodyAndHeader(
              endpoint, null, "CamelHttpQuery", same ? "page=0" : "page=" + i, String.class);
        }
        System.out.printf(
            "seen five calls with %s: %d token(s)%n",
            same ? "the same query" : "other queries", tokens.get());
      }
    }
    server.stop(0);
  }
}
JAVA
mvn -q -B -Dstyle.color=never compile exec:java > all.txt 2>&1 || { cat all.txt; exit 1; }
# Maven may colour the first line
sed -i $'s/\x1b\\[[0-9;]*m//g' all.txt
grep -E '^seen ' all.txt | tee seen.txt
printf '%s\n' 'seen five calls with the same query: 1 token(s)' \
  'seen five calls with other queries: 5 token(s)' > expected.txt
cmp seen.txt expected.txt
echo "as described"
