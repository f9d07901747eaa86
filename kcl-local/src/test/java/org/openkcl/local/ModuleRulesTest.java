package org.openkcl.local;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which package may know what. */
@AnalyzeClasses(
    packages = "org.openkcl.local",
    importOptions = ImportOption.DoNotIncludeTests.class)
final class ModuleRulesTest {
  @ArchTest
  static final ArchRule modelIsPure = noClasses()
      .that()
      .resideInAnyPackage("..local.model..", "..local.faults..")
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage(
          "org.eclipse.jetty..",
          "software.amazon..",
          "com.fasterxml..",
          "java.util.concurrent..",
          "java.util.logging..",
          "org.slf4j..",
          "java.net..",
          "org.openkcl.local.http..",
          "org.openkcl.local.dynamodb..");

  @ArchTest
  static final ArchRule modelReadsNoClockOfItsOwn = noClasses()
      .that()
      .resideInAnyPackage("..local.model..", "..local.faults..")
      .should()
      .callMethod(System.class, "currentTimeMillis")
      .orShould()
      .callMethod(System.class, "nanoTime")
      .orShould()
      .callMethod(java.time.Instant.class, "now")
      .orShould()
      .dependOnClassesThat()
      .areAssignableTo(Thread.class);

  @ArchTest
  static final ArchRule moduleStandsAlone = noClasses()
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage("org.openkcl", "org.openkcl.environment..", "org.openkcl.leases..");

  @ArchTest
  static final ArchRule httpKnowsNoSdk = noClasses()
      .that()
      .resideInAPackage("..local.http..")
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage("software.amazon.awssdk..");
}
