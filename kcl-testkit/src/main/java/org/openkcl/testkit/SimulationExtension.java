package org.openkcl.testkit;

import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/** Runs a {@link Simulation} once per seed. */
final class SimulationExtension implements TestTemplateInvocationContextProvider {
  private static final String ONE = "openkcl.seed";
  private static final String COUNT = "openkcl.seeds";
  private static final String FIRST = "openkcl.firstSeed";

  @Override
  public boolean supportsTestTemplate(ExtensionContext context) {
    return true;
  }

  @Override
  public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
      ExtensionContext context) {
    Simulation declared = context.getRequiredTestMethod().getAnnotation(Simulation.class);
    Long one = Long.getLong(ONE);
    long first = Long.getLong(FIRST, 0);
    LongStream seeds = one != null
        ? LongStream.of(one)
        : LongStream.concat(
                LongStream.range(first, first + Integer.getInteger(COUNT, declared.seeds())),
                LongStream.of(declared.also()))
            .distinct();
    return seeds.mapToObj(Run::new);
  }

  /** One seed's run. */
  private record Run(long seed) implements TestTemplateInvocationContext {
    @Override
    public String getDisplayName(int invocationIndex) {
      return "seed " + seed;
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
      return List.of(new LentFleet(seed));
    }
  }

  /** Lends the test a fleet and explains what the test throws. */
  private static final class LentFleet
      implements ParameterResolver, TestExecutionExceptionHandler, AfterEachCallback {
    private final Fleet fleet;

    LentFleet(long seed) {
      fleet = new Fleet(seed);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == Fleet.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return fleet;
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable thrown)
        throws Throwable {
      throw thrown instanceof FleetFailure
          ? thrown
          : fleet.failure(String.valueOf(thrown.getMessage()), thrown);
    }

    @Override
    public void afterEach(ExtensionContext context) {
      fleet.close();
    }
  }
}
