#!/usr/bin/env bash
# Apache Camel 4.18.0: a split with streaming and stopOnException asks its iterator for all that is
# left after next() has thrown, and only then tells the exception.
#
# Expected: after the third of six calls of next() fails, no further one is made.
# Seen: calls 4 to 6 are made, none of their elements reaches the route, then the exception comes.
# Whoever splits a long source reads it to its end after a failure; an iterator has to end by itself
# once it has failed.
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
import java.util.Iterator;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

public class Finding {
  public static void main(String[] args) throws Exception {
    try (DefaultCamelContext context = new DefaultCamelContext()) {
      context.addRoutes(
          new RouteBuilder() {
            @Override
            public void configure() {
              errorHandler(noErrorHandler());
              from("direct:source")
                  .split(body())
                  .streaming()
                  .stopOnException()
                  .process(element -> System.out.println("route " + element.getIn().getBody()))
                  .end();
            }
          });
      context.start();
      Iterator<Integer> source =
          new Iterator<>() {
            private int calls;

            @Override
            public boolean hasNext() {
              return calls < 6;
            }

            @Override
            public Integer next() {
              System.out.println("next " + ++calls);
              if (calls == 3) {
                throw new IllegalStateException("the source broke off");
              }
              return calls;
            }
          };
      try {
        context.createProducerTemplate().sendBody("direct:source", source);
        System.out.println("no exception");
      } catch (Exception e) {
        System.out.println("exception " + e.getCause().getMessage());
      }
    }
  }
}
JAVA
mvn -q -B -Dstyle.color=never compile exec:java > all.txt 2>&1 || { cat all.txt; exit 1; }
# Maven may colour the first line
sed -i $'s/\x1b\\[[0-9;]*m//g' all.txt
grep -E '^(next|route|exception|no exception)' all.txt | tee seen.txt
printf '%s\n' 'next 1' 'next 2' 'route 1' 'route 2' 'next 3' 'next 4' 'next 5' 'next 6' \
  'exception the source broke off' | sort > expected.txt
sort seen.txt | cmp - expected.txt
echo "as described"
