package org.openkcl.multilang;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openkcl.multilang.child.ChildCommand;
import org.openkcl.multilang.config.Configuration;
import org.openkcl.multilang.config.ConfigurationException;
import org.openkcl.multilang.config.Setting;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Explains a configuration without starting anything. */
@Command(
    name = "check",
    description = "Tells what a properties file means, and what is wrong with it.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:the daemon would start with it", "1:something is wrong; it says what"})
final class CheckCommand implements Callable<Integer> {
  @Spec
  private @Nullable CommandSpec spec;

  @Parameters(index = "0", paramLabel = "FILE", description = "The properties file.")
  private Path file = Path.of("app.properties");

  @Override
  public Integer call() {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    try {
      Configuration configuration = Configuration.read(file, System.getenv());
      DaemonSettings settings = DaemonSettings.of(configuration);
      out.println("In effect:");
      List<String> idle = configuration.withoutEffect();
      configuration.settings().stream()
          .filter(setting -> idle.stream().noneMatch(line -> line.startsWith(setting.key() + " (")))
          .forEach(setting ->
              out.printf("  %s = %s (%s)%n", setting.key(), shown(setting), setting.source()));
      if (!idle.isEmpty()) {
        out.println("Without effect here:");
        idle.forEach(line -> out.println("  " + line));
      }
      ChildCommand command = settings.command();
      if (!command.isFound()) {
        out.println("Note: '" + command + "' is not found on this machine's PATH");
      }
      return 0;
    } catch (ConfigurationException wrong) {
      out.println("Wrong:");
      wrong.problems().forEach(problem -> out.println("  " + problem));
      return 1;
    }
  }

  /** Credentials may have secrets in them. */
  private static String shown(Setting setting) {
    boolean secret = setting.key().toLowerCase(Locale.ROOT).contains("credentials")
        && setting.value().contains("|");
    return secret ? setting.value().replaceAll("\\|[^,]*", "|...") : setting.value();
  }
}
