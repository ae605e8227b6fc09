#!/usr/bin/env bash
# Apache Camel 4.18.0: where a route that doTry calls handles its own failure by onException with
# handled, doFinally runs its first step and no other; a failure of that step passes by the
# onException of the route around.
#
# Expected: all steps of doFinally run after a failure that was handled, as they do without a failure
# and after one that doCatch took; a failure of one of them is handled by the onException of
# the route that called the one with doTry.
# Seen: "first" of two steps runs; an exception from it comes back to whoever called the outer route.
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
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

public class Finding {
  private static final List<String> steps = new ArrayList<>();

  public static void main(String[] args) throws Exception {
    for (String work : List.of("sound", "caught", "handled")) {
      for (boolean fails : new boolean[] {false, true}) {
        run(work, fails);
      }
    }
  }

  private static void run(String work, boolean fails) throws Exception {
    steps.clear();
    try (DefaultCamelContext context = new DefaultCamelContext()) {
      context.addRoutes(
          new RouteBuilder() {
            @Override
            public void configure() {
              from("direct:outer")
                  .onException(Exception.class).handled(true)
                  .process(exchange -> steps.add("onException")).end()
                  .to("direct:middle");
              from("direct:middle").errorHandler(noErrorHandler())
                  .doTry().to("direct:" + work)
                  .doFinally()
                  .process(exchange -> {
                    steps.add("first");
                    if (fails) {
                      throw new IllegalStateException("first fails");
                    }
                  })
                  .process(exchange -> steps.add("second"))
                  .end();
              from("direct:sound").errorHandler(noErrorHandler()).log("sound");
              from("direct:caught").errorHandler(noErrorHandler())
                  .doTry().throwException(new IllegalStateException("work"))
                  .doCatch(Exception.class).log("caught").end();
              from("direct:handled")
                  .onException(Exception.class).handled(true).end()
                  .throwException(new IllegalStateException("work"));
            }
          });
      context.start();
      Exchange done =
          context.createProducerTemplate().send("direct:outer", exchange -> {});
      System.out.println(
          "seen %s%s: %s%s".formatted(
              work, fails ? ", first fails" : "", String.join(" ", steps),
              done.getException() == null ? "" : ", back: " + done.getException().getMessage()));
    }
  }
}
JAVA
mvn -q -B -Dstyle.color=never compile exec:java > all.txt 2>&1 || { cat all.txt; exit 1; }
# Maven may colour the first line
sed -i $'s/\x1b\\[[0-9;]*m//g' all.txt
grep -E '^seen ' all.txt | tee seen.txt
printf '%s\n' 'seen sound: first second' 'seen sound, first fails: first onException' \
  'seen caught: first second' 'seen caught, first fails: first onException' \
  'seen handled: first' 'seen handled, first fails: first, back: first fails' > expected.txt
cmp seen.txt expected.txt
echo "as described"
