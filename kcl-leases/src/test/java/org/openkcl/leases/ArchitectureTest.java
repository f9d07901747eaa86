package org.openkcl.leases;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.InstanceofCheck;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which package may know what. */
@AnalyzeClasses(
    packages = {"org.openkcl.leases", "org.openkcl.environment"},
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String OURS = "org.openkcl.";

  /** Packages that decide and act on nothing: values and planners. */
  private static final String[] PURE = {"org.openkcl.leases", "org.openkcl.leases.plan"};

  @ArchTest
  static final ArchRule dynamoDbIsKnownInOnePackage = noClasses()
      .that()
      .resideInAPackage("org.openkcl.leases..")
      .and()
      .resideOutsideOfPackage("org.openkcl.leases.dynamodb")
      .should()
      .dependOnClassesThat()
      .resideInAPackage("software.amazon.awssdk..");

  @ArchTest
  static final ArchRule pureCodeKnowsNoThreadsClocksChanceOrLogs = noClasses()
      .that()
      .resideInAnyPackage(PURE)
      .should()
      .dependOnClassesThat(describe(
          "are threads, executors, clocks or loggers",
          type -> type.isAssignableTo(Thread.class)
              || type.isAssignableTo("java.util.concurrent.Executor")
              || type.isAssignableTo("java.time.Clock")
              || type.isAssignableTo("java.util.concurrent.ThreadLocalRandom")
              || type.getPackageName().startsWith("org.slf4j")
              || type.getPackageName().startsWith("org.openkcl.environment")
              || type.getPackageName().startsWith("java.util.concurrent.locks")
              || type.getPackageName().startsWith("java.util.concurrent.atomic")));

  @ArchTest
  static final ArchRule onlyTheEnvironmentReadsClocksStartsThreadsOrWaits = noClasses()
      .that()
      .resideInAPackage("org.openkcl.leases..")
      .should()
      .callMethodWhere(describe(
          "reads a clock or waits",
          call -> List.of(
                  "java.lang.System.nanoTime",
                  "java.lang.System.currentTimeMillis",
                  "java.time.Instant.now",
                  "java.lang.Thread.sleep",
                  "java.util.UUID.randomUUID",
                  "java.util.concurrent.CompletableFuture.get",
                  "java.util.concurrent.CompletableFuture.join")
              .contains(call.getTargetOwner().getName() + "." + call.getName())))
      .orShould()
      .dependOnClassesThat()
      .haveFullyQualifiedName("java.lang.Thread");

  @ArchTest
  static final ArchRule noMethodIsSynchronized = methods()
      .that()
      .areDeclaredInClassesThat()
      .resideInAPackage("org.openkcl.leases..")
      .should()
      .notHaveModifier(JavaModifier.SYNCHRONIZED);

  @ArchTest
  static final ArchRule noFieldIsVolatile = fields()
      .that()
      .areDeclaredInClassesThat()
      .resideInAPackage("org.openkcl.leases..")
      .should()
      .notHaveModifier(JavaModifier.VOLATILE);

  @ArchTest
  static final ArchRule nobodyLocks = noClasses()
      .that()
      .resideInAPackage("org.openkcl.leases..")
      .should()
      .dependOnClassesThat()
      .resideInAPackage("java.util.concurrent.locks..");

  @ArchTest
  static final ArchRule sealedChoicesAreMatchedNotAskedForTheirClass =
      classes().should(matchSealedTypes());

  @Test
  void noBlockIsSynchronized() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java/org/openkcl/leases"))) {
      List<Path> locking = files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(ArchitectureTest::hasSynchronizedBlock)
          .toList();
      assertThat(locking).isEmpty();
    }
  }

  private static boolean hasSynchronizedBlock(Path file) {
    try {
      return Files.readString(file).contains("synchronized (");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ArchCondition<JavaClass> matchSealedTypes() {
    return new ArchCondition<>("not use instanceof on sealed types declared elsewhere") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        for (JavaCodeUnit code : type.getCodeUnits()) {
          for (InstanceofCheck check : code.getInstanceofChecks()) {
            JavaClass asked = check.getRawType();
            if (isCaseOfSealedType(asked) && !outermost(asked).equals(outermost(type))) {
              events.add(SimpleConditionEvent.violated(
                  type, "instanceof " + asked.getName() + " in " + check.getSourceCodeLocation()));
            }
          }
        }
      }
    };
  }

  private static boolean isCaseOfSealedType(JavaClass asked) {
    if (!asked.getName().startsWith(OURS)) {
      return false;
    }
    Class<?> type = asked.reflect();
    return type.isSealed() || Stream.of(type.getInterfaces()).anyMatch(Class::isSealed);
  }

  private static String outermost(JavaClass type) {
    int nested = type.getName().indexOf('$');
    return nested < 0 ? type.getName() : type.getName().substring(0, nested);
  }
}
