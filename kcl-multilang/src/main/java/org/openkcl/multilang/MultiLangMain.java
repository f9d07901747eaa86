package org.openkcl.multilang;

import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.openkcl.multilang.config.Configuration;
import org.openkcl.multilang.config.ConfigurationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command line of the daemon. */
@Command(
    name = "kcl multilang",
    mixinStandardHelpOptions = true,
    description = {
      "Runs a record processor written in another language: one process per shard, spoken to in"
          + " the protocol of Amazon's MultiLangDaemon.",
      ""
    },
    subcommands = {CheckCommand.class, ConformanceCommand.class},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:it was stopped and has handed its shards over",
      "1:it could not start or had to stop; the reason is in the log",
      "2:the command line is wrong"
    })
public final class MultiLangMain implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger(MultiLangMain.class);

  @Spec
  private @Nullable CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "FILE",
      description = "The properties file.")
  private @Nullable Path positional;

  @Option(
      names = {"-p", "--properties-file"},
      paramLabel = "FILE",
      description = "The properties file; goes before one without option.")
  private @Nullable Path file;

  @Option(
      names = {"-l", "--log-configuration"},
      paramLabel = "FILE",
      description = "A Logback configuration in place of the one inside.")
  private @Nullable Path logConfiguration;

  private MultiLangMain() {}

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new MultiLangMain());
  }

  @Override
  public Integer call() {
    Path properties = file != null ? file : positional;
    if (properties == null) {
      throw new CommandLine.ParameterException(
          Objects.requireNonNull(spec).commandLine(), "Name a properties file");
    }
    if (logConfiguration != null) {
      LogConfiguration.load(logConfiguration);
    }
    try {
      Configuration configuration = Configuration.read(properties, System.getenv());
      configuration
          .withoutEffect()
          .forEach(setting -> log.atInfo()
              .addKeyValue("event", "daemon.setting-without-effect")
              .log("Without effect here: {}", setting));
      configuration
          .text("processingLanguage")
          .ifPresent(language -> log.atInfo()
              .addKeyValue("event", "daemon.language")
              .log("The language of the processors is {}", language));
      return run(configuration);
    } catch (ConfigurationException wrong) {
      System.err.println("The configuration " + properties + " cannot be used:");
      wrong.problems().forEach(problem -> System.err.println("  " + problem));
      return 1;
    }
  }

  private static int run(Configuration configuration) throws ConfigurationException {
    try (Daemon daemon = Daemon.of(configuration, builder -> {})) {
      daemon.scheduler().drainOnSigterm();
      daemon.scheduler().start().join();
      daemon.scheduler().stopped().join();
      return 0;
    } catch (CompletionException failure) {
      log.atError()
          .addKeyValue("event", "daemon.stops")
          .setCause(failure.getCause())
          .log("The daemon stops");
      return 1;
    }
  }
}
