package org.openkcl.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A JUnit test that runs once per seed and is given a {@link Fleet} of that seed. A failure names
 * its seed; {@code -Dopenkcl.seed=17} runs that one alone, {@code -Dopenkcl.seeds=5000} that many.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(SimulationExtension.class)
public @interface Simulation {

  /** How many seeds, beginning at 0 or at {@code -Dopenkcl.firstSeed}. */
  int seeds() default 100;

  /** More seeds of every run: those that once showed a mistake. */
  long[] also() default {};
}
