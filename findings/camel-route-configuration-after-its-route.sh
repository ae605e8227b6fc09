#!/usr/bin/env bash
# Apache Camel 4.18.0, camel-yaml-dsl: a route that names a routeConfiguration by its id gets nothing
# of it, without a word, where the file of the routeConfiguration is loaded after that of the route.
#
# Expected: the routeConfiguration applies, or loading the route is refused since the id names
# nothing; the order of two files does not matter.
# Seen: loaded before the route, it handles the exception; loaded after it (before the context is
# started), the exception comes back to the caller; an id that nothing has is taken just the same.
# Files that are handed over in one call are sorted out by Camel; those that are loaded one by one,
# as in a test of one file, run without their error handling.
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
      <artifactId>camel-yaml-dsl</artifactId>
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
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

public class Finding {
  private static final Resource CONFIGURATION =
      ResourceHelper.fromString(
          "errors.camel.yaml",
          """
          - routeConfiguration:
              id: errors
              onException:
                - onException:
                    exception:
                      - java.lang.IllegalStateException
                    handled:
                      constant:
                        expression: "true"
                    steps:
                      - setBody:
                          constant: handled
          """);
  private static final Resource ROUTE =
      ResourceHelper.fromString(
          "work.camel.yaml",
          """
          - route:
              id: work
              routeConfigurationId: errors
              from:
                uri: direct:work
                steps:
                  - throwException:
                      exceptionType: java.lang.IllegalStateException
                      message: not handled
          """);

  public static void main(String[] args) throws Exception {
    run("configuration, route", CONFIGURATION, ROUTE);
    run("route, configuration", ROUTE, CONFIGURATION);
    run("route alone", ROUTE);
  }

  private static void run(String order, Resource... files) throws Exception {
    try (DefaultCamelContext context = new DefaultCamelContext()) {
      for (Resource file : files) {
        PluginHelper.getRoutesLoader(context).loadRoutes(file);
      }
      context.start();
      String end;
      try {
        end = context.createProducerTemplate().requestBody("direct:work", "", String.class);
      } catch (Exception e) {
        end = e.getCause().getMessage();
      }
      System.out.println("seen " + order + ": " + end);
    }
  }
}
JAVA
mvn -q -B -Dstyle.color=never compile exec:java > all.txt 2>&1 || { cat all.txt; exit 1; }
# Maven may colour the first line
sed -i $'s/\x1b\\[[0-9;]*m//g' all.txt
grep -E '^seen ' all.txt | tee seen.txt
printf '%s\n' 'seen configuration, route: handled' 'seen route, configuration: not handled' \
  'seen route alone: not handled' > expected.txt
cmp seen.txt expected.txt
echo "as described"
