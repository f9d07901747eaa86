package org.openkcl.local.http;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps Jetty's greetings off the console: it announces every start and stop at INFO. SLF4J cannot
 * set a level, so this asks the logger behind it.
 */
final class QuietJetty {
  private static final String NAME = "org.eclipse.jetty";

  private QuietJetty() {}

  /** Raises Jetty's level to WARN, unless the program has set one or has another kind of logger. */
  static synchronized void install() {
    String simple = "org.slf4j.simpleLogger.log." + NAME;
    if (System.getProperty(simple) == null) {
      System.setProperty(simple, "warn");
    }
    Logger logger = LoggerFactory.getLogger(NAME);
    try {
      Class<?> level = Class.forName("ch.qos.logback.classic.Level");
      Class<?> logback = Class.forName("ch.qos.logback.classic.Logger");
      if (logback.isInstance(logger) && logback.getMethod("getLevel").invoke(logger) == null) {
        Object warn = level.getField("WARN").get(null);
        logback.getMethod("setLevel", level).invoke(logger, warn);
      }
    } catch (ReflectiveOperationException noLogback) {
      // Another logger: its own configuration decides.
    }
  }
}
