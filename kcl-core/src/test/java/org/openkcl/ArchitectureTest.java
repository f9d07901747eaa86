package org.openkcl;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which package may use what, and the things that nobody may use. */
class ArchitectureTest {
  /** What applications see. Values of the lease table appear in what operators see. */
  private static final String[] PUBLIC = {
    "org.openkcl", "org.openkcl.processor", "org.openkcl.metrics", "org.openkcl.leases"
  };

  /** Functions of values: they decide and do nothing. */
  private static final String[] PURE = {"org.openkcl.lineage", "org.openkcl.shard"};

  private static final JavaClasses CLASSES = new ClassFileImporter()
      .importUrl(InitialPosition.class.getProtectionDomain().getCodeSource().getLocation());

  @Test
  void publicMethodsShowPublicTypesOnly() {
    methods()
        .that()
        .arePublic()
        .and()
        .areDeclaredInClassesThat(
            resideInAnyPackage(PUBLIC).and(describe("are public", ArchitectureTest::isPublic)))
        .should(showOnlyPublicTypes())
        .check(CLASSES);
  }

  @Test
  void publicPackagesHaveNoPublicFieldsButConstants() {
    fields()
        .that()
        .arePublic()
        .and()
        .areDeclaredInClassesThat(resideInAnyPackage(PUBLIC))
        .should()
        .beFinal()
        .andShould()
        .beStatic()
        .check(CLASSES);
  }

  @Test
  void pureCodeKnowsValuesOnly() {
    noClasses()
        .that()
        .resideInAnyPackage(PURE)
        .should()
        .dependOnClassesThat(not(resideInAnyPackage(PURE)
            .or(resideInAnyPackage("org.openkcl", "org.openkcl.processor"))
            .or(resideInAnyPackage("org.openkcl.leases"))
            .or(resideInAnyPackage(
                "java.lang..",
                "java.math",
                "java.nio",
                "java.time..",
                "java.util",
                "java.util.function",
                "java.util.stream",
                "org.jspecify.annotations"))
            .or(describe("is CompletionStage", ArchitectureTest::isCompletionStage))))
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAnyPackage(PURE)
        .should()
        .dependOnClassesThat(describe(
            "run things",
            type -> Set.of("java.lang.Thread", "java.time.Clock").contains(type.getName())))
        .check(CLASSES);
  }

  @Test
  void onlyPortsOfPureCodeMentionStages() {
    noClasses()
        .that()
        .resideInAnyPackage(PURE)
        .and()
        .areNotInterfaces()
        .should()
        .dependOnClassesThat(describe("are CompletionStage", ArchitectureTest::isCompletionStage))
        .check(CLASSES);
  }

  @Test
  void onlyTheKinesisAdapterSpeaksToKinesis() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.openkcl.kinesis..")
        .should()
        .dependOnClassesThat(resideInAPackage("software.amazon.awssdk.services.kinesis.."))
        .check(CLASSES);
  }

  @Test
  void onlyTheCloudWatchAdapterSpeaksToCloudWatch() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.openkcl.cloudwatch")
        .should()
        .dependOnClassesThat(resideInAPackage("software.amazon.awssdk.services.cloudwatch.."))
        .check(CLASSES);
  }

  @Test
  void thePublicProcessorPackageKnowsNoAdapter() {
    noClasses()
        .that()
        .resideInAPackage("org.openkcl.processor")
        .should()
        .dependOnClassesThat(resideInAnyPackage("software.amazon..", "org.slf4j.."))
        .check(CLASSES);
  }

  @Test
  void nobodyLocks() throws IOException {
    noMethods().should().haveModifier(JavaModifier.SYNCHRONIZED).check(CLASSES);
    noFields().should().haveModifier(JavaModifier.VOLATILE).check(CLASSES);
    noClasses()
        .should()
        .dependOnClassesThat(resideInAPackage("java.util.concurrent.locks"))
        .check(CLASSES);
    assertThat(sourcesWith("\\bsynchronized\\s*\\(")).isEmpty(); // blocks leave no modifier
  }

  @Test
  void timeChanceAndSleepComeFromTheEnvironment() {
    noClasses()
        .should()
        .callMethodWhere(target("java.lang.System", "nanoTime", "currentTimeMillis")
            .or(target("java.lang.Thread", "sleep"))
            .or(target("java.time.Instant", "now"))
            .or(target("java.time.Clock", "systemUTC", "systemDefaultZone", "system"))
            .or(target("java.util.UUID", "randomUUID"))
            .or(target("java.lang.Math", "random"))
            .or(target("java.util.concurrent.ThreadLocalRandom", "current"))
            .or(target("java.util.concurrent.TimeUnit", "sleep")))
        .check(CLASSES);
    noClasses()
        .should()
        .callConstructor(Random.class)
        .orShould()
        .callConstructor(Random.class, long.class)
        .check(CLASSES);
  }

  private static DescribedPredicate<JavaMethodCall> target(String owner, String... names) {
    return describe(owner + "." + List.of(names), call -> {
      AccessTarget.MethodCallTarget target = call.getTarget();
      return target.getOwner().getName().equals(owner) && List.of(names).contains(target.getName());
    });
  }

  private static boolean isPublic(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC);
  }

  private static boolean isCompletionStage(JavaClass type) {
    return type.getName().equals("java.util.concurrent.CompletionStage");
  }

  private static <T extends JavaCodeUnit> ArchCondition<T> showOnlyPublicTypes() {
    DescribedPredicate<JavaClass> internal =
        resideInAPackage("org.openkcl..").and(not(resideInAnyPackage(PUBLIC)));
    return new ArchCondition<>("show only types of public packages") {
      @Override
      public void check(T unit, ConditionEvents events) {
        Stream.concat(Stream.of(unit.getRawReturnType()), unit.getRawParameterTypes().stream())
            .map(JavaClass::getBaseComponentType)
            .filter(internal)
            .forEach(type -> events.add(SimpleConditionEvent.violated(
                unit, unit.getFullName() + " shows " + type.getName())));
      }
    };
  }

  private static List<Path> sourcesWith(String regex) throws IOException {
    Pattern pattern = Pattern.compile(regex);
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> pattern.matcher(withoutComments(file)).find())
          .toList();
    }
  }

  private static String withoutComments(Path file) {
    try {
      return Files.readString(file).replaceAll("(?s)/\\*.*?\\*/", "").replaceAll("//[^\n]*", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
