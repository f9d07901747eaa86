package org.openkcl.local.dynamodb;

import java.util.ServiceLoader;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Keeps DynamoDB Local off the console. It logs through Log4j's API, which without a Log4j on the
 * class path complains of that, and through java.util.logging, which prints.
 */
final class QuietLogs {
  /** Held, because a logger that nobody holds forgets its level. */
  private static final Logger SQLITE = Logger.getLogger("com.almworks.sqlite4java");

  private QuietLogs() {}

  /** Leaves alone what the program has configured. */
  static synchronized void install() {
    if (SQLITE.getLevel() == null) {
      SQLITE.setLevel(Level.OFF);
    }
    if (!hasLog4j()) {
      setUnlessSet(
          "log4j2.loggerContextFactory",
          "org.apache.logging.log4j.simple.SimpleLoggerContextFactory");
      setUnlessSet("org.apache.logging.log4j.simplelog.level", "OFF");
    }
  }

  private static boolean hasLog4j() {
    try {
      Class<?> provider = Class.forName("org.apache.logging.log4j.spi.Provider");
      return ServiceLoader.load(provider).iterator().hasNext();
    } catch (ClassNotFoundException noApi) {
      return false;
    }
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
