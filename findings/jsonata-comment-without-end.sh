#!/usr/bin/env bash
# com.dashjoin:jsonata 0.9.10: of an expression whose comment has no end Jsonata.jsonata throws what
# String.charAt throws, not its own JException with a position, as it does for a string, a regular
# expression or a quoted name without an end. Who catches JException alone passes it on to users.
#
# Expected: JException, as of the text "abc without its closing quote. (JSONata has the code S0106
# for a comment without an end.)
# Seen: StringIndexOutOfBoundsException.
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
      <groupId>com.dashjoin</groupId>
      <artifactId>jsonata</artifactId>
      <version>0.9.10</version>
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
import com.dashjoin.jsonata.Jsonata;

public class Finding {
  public static void main(String[] args) {
    for (String text : new String[] {"\"abc", "1 /* abc"}) {
      try {
        Jsonata.jsonata(text);
        System.out.println("parsed: " + text);
      } catch (RuntimeException e) {
        System.out.println(e.getClass().getSimpleName() + ": " + text);
      }
    }
  }
}
JAVA
mvn -q -B -Dstyle.color=never compile exec:java > all.txt 2>&1 || { cat all.txt; exit 1; }
# Maven may colour the first line
sed -i $'s/\x1b\\[[0-9;]*m//g' all.txt
grep -E ': ("abc|1 /\* abc)$' all.txt | tee seen.txt
printf '%s\n' 'JException: "abc' 'StringIndexOutOfBoundsException: 1 /* abc' | cmp - seen.txt
echo "as described"
