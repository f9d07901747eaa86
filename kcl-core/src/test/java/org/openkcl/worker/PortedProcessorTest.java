package org.openkcl.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openkcl.ProcessorEvent;
import org.openkcl.processor.ShardRecordProcessorFactory;

/**
 * Processors that are compiled against Amazon's library, in the module peers, change their imports as
 * the migration guide says and nothing else.
 */
class PortedProcessorTest {
  private static final Path PEERS = Path.of("../peers/src/main/java/org/openkcl/peers");
  private static final Pattern SED = Pattern.compile("-e 's/(.*)/(.*)/'");

  @Test
  void theSampleRunsWithOtherImports(@TempDir Path folder) throws Exception {
    compile(folder, "SampleProcessor.java");
    try (URLClassLoader classes =
            new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader());
        SimulatedWorkers workers = new SimulatedWorkers(1, 1)) {
      ShardRecordProcessorFactory factory = (ShardRecordProcessorFactory) classes
          .loadClass("org.openkcl.peers.SampleProcessor$Factory")
          .getConstructor()
          .newInstance();
      workers.stream.put(0, 8);
      Worker worker = workers.start("a", process -> factory.shardRecordProcessor());
      workers.runUntil("processed", 10, () -> workers.checkpoint(0).equals("8"));
      workers.stream.split(0);
      workers.stream.put(1, 2);
      workers.runUntil("the end", 20, () -> workers.checkpoint(0).equals("SHARD_END"));
      workers.runUntil("the child's", 20, () -> workers.checkpoint(1).equals("10"));
      worker.stop();
      workers.runFor(Duration.ofSeconds(5));
      assertThat(workers.owner(1)).isNull();
      assertThat(workers.heard(ProcessorEvent.class)).isEmpty();
    }
  }

  @Test
  void aProcessorOfOurOwnTestsCompilesWithOtherImports(@TempDir Path folder) throws Exception {
    compile(folder, "ReportingProcessor.java", "Report.java");
  }

  private static void compile(Path folder, String... names) throws IOException {
    List<Path> sources = Stream.of(names).map(name -> port(folder, name)).toList();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    boolean compiled = compiler
        .getTask(
            messages,
            null,
            null,
            List.of("-d", folder.toString(), "-Xlint:all", "-proc:none"),
            null,
            compiler.getStandardFileManager(null, null, null).getJavaFileObjectsFromPaths(sources))
        .call();
    assertThat(compiled).as(messages.toString()).isTrue();
  }

  /** The file after the commands that the migration guide gives. */
  private static Path port(Path folder, String name) {
    try {
      String before = Files.readString(PEERS.resolve(name));
      String after = before;
      Matcher commands = SED.matcher(Files.readString(Path.of("../docs/migrating.md")));
      int count = 0;
      while (commands.find()) {
        after = after.replaceAll(commands.group(1), commands.group(2).replace('\\', '$'));
        count++;
      }
      assertThat(count).isPositive();
      assertThat(after).doesNotContain("software.amazon");
      assertThat(withoutImports(after)).isEqualTo(withoutImports(before));
      return Files.writeString(folder.resolve(name), after);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> withoutImports(String source) {
    return source.lines().filter(line -> !line.startsWith("import ")).toList();
  }
}
