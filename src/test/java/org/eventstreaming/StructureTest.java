package org.eventstreaming;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The design as assertions: steps know neither each other nor what they run on. */
class StructureTest {
  private static final JavaClasses PRODUCTION =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.eventstreaming");

  @Test
  void stages_meet_only_in_the_routes() {
    slices()
        .matching(
            "org.eventstreaming.(poll|accept|attachment|definition|fetch|select|extension|resolve|apply|synclog|callback)..")
        .should()
        .notDependOnEachOther()
        .check(PRODUCTION);
  }

  @Test
  void stages_know_neither_camel_nor_sql() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "..poll..",
            "..accept..",
            "..attachment..",
            "..definition..",
            "..doctype..",
            "..mapping..",
            "..fetch..",
            "..extension..",
            "..select..",
            "..condition..",
            "..resolve..",
            "..apply..",
            "..synclog..",
            "..callback..",
            "..doctor..",
            "..update..",
            "..site..",
            "..document..",
            "..naming..",
            "..store..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.camel..", "java.sql..", "javax.sql..")
        .check(PRODUCTION);
  }

  @Test
  void only_the_wiring_and_the_commands_know_the_adapters() {
    noClasses()
        .that()
        .resideOutsideOfPackages("..postgres..", "..camel..", "..main..", "..command..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("..eventstreaming.postgres..", "..eventstreaming.camel..")
        .check(PRODUCTION);
  }

  @Test
  void expressions_reach_nothing_but_what_they_are_given() {
    noClasses()
        .that()
        .resideInAPackage("..expression..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.io..",
            "java.net..",
            "java.nio..",
            "java.lang.reflect..",
            "java.util.regex..",
            "java.util.concurrent..",
            "org.apache.camel..",
            "java.sql..")
        .orShould()
        .callMethod(String.class, "matches", String.class)
        .orShould()
        .callMethod(String.class, "split", String.class)
        .orShould()
        .callMethod(String.class, "split", String.class, int.class)
        .orShould()
        .callMethod(String.class, "replaceAll", String.class, String.class)
        .orShould()
        .callMethod(String.class, "replaceFirst", String.class, String.class)
        .orShould()
        .callMethod(Class.class, "forName", String.class)
        .check(PRODUCTION);
  }
}
