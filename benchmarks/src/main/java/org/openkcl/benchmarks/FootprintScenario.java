package org.openkcl.benchmarks;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openkcl.benchmarks.probe.Vitals;
import org.openkcl.benchmarks.probe.WorkerOption;
import org.openkcl.benchmarks.probe.WorkerOptions;

/**
 * What comes along with a library: the jars of its run-time class path, without a backend for logs;
 * and the memory of a worker's process when it has begun to read.
 */
final class FootprintScenario implements Scenario {
  private static final Metric JARS = Metric.count("jars", "jars").ratioAtLeast(2.5);
  private static final Metric BYTES = Metric.count("jarsMib", "MiB").ratioAtLeast(3);
  private static final Metric RESIDENT = Metric.count("startedResidentMib", "MiB");
  private static final Metric HEAP = Metric.count("startedHeapMib", "MiB");

  /** The benchmark's own, on both class paths. */
  private static final Set<String> OURS = Set.of("benchmark-probe", "picocli", "slf4j-simple");

  private static final Duration SETTLED = Duration.ofSeconds(5);
  private static final double MIB = 1024 * 1024;
  private static final double MIB_KIB = 1024;

  @Override
  public List<Library> libraries() {
    return BOTH;
  }

  @Override
  public List<Metric> metrics() {
    return List.of(JARS, BYTES, RESIDENT, HEAP);
  }

  @Override
  public Samples measure(Run run) throws InterruptedException {
    List<Path> jars = jars(run.library());
    jars.forEach(jar -> run.notes().println("  " + jar.getFileName()));
    run.stream().putOnEveryShard();
    run.startAlone("a", WorkerOptions.defaults().with(WorkerOption.QUICK_START, true));
    TimeUnit.MILLISECONDS.sleep(SETTLED.toMillis());
    Timeline told = run.askVitals("a", 1);
    return new Samples()
        .add(JARS, jars.size())
        .add(BYTES, jars.stream().mapToLong(FootprintScenario::size).sum() / MIB)
        .add(RESIDENT, told.lastFigure("a", Vitals.RESIDENT) / MIB_KIB)
        .add(HEAP, told.lastFigure("a", Vitals.HEAP) / MIB);
  }

  /** All but the first, which is the worker's own program. */
  private static List<Path> jars(Library library) {
    return Arrays.stream(library.classPath().trim().split(File.pathSeparator))
        .skip(1)
        .map(Path::of)
        .filter(jar -> OURS.stream().noneMatch(own -> jar.toString().contains(own)))
        .toList();
  }

  private static long size(Path jar) {
    try {
      if (Files.isDirectory(jar)) {
        throw new IllegalStateException(
            "Jars are counted, and this is none: build with mvn package. Got " + jar);
      }
      return Files.size(jar);
    } catch (IOException e) {
      throw new UncheckedIOException("The jar's size cannot be read: " + jar, e);
    }
  }
}
