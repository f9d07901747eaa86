package org.openkcl.multilang;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/** Replaces the log's configuration by a file, as {@code --log-configuration} asks for. */
final class LogConfiguration {
  private LogConfiguration() {}

  /** @throws IllegalArgumentException when the file is no Logback configuration */
  static void load(Path file) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    try {
      configurator.doConfigure(file.toFile());
    } catch (JoranException unreadable) {
      throw new IllegalArgumentException(
          "The log configuration " + file + " cannot be used: " + unreadable.getMessage(),
          unreadable);
    }
  }
}
