package org.openkcl.multilang.config;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * Reads the text of a Java properties file and remembers the line of each key. Comments,
 * continuation lines and escapes are those of {@link Properties}; blanks at the end of a value,
 * which that class keeps, are dropped.
 */
final class PropertiesText {
  private PropertiesText() {}

  /** Every key with its value in the order of the file; one that is given twice is there twice. */
  static List<Setting> parse(String text) {
    List<Setting> settings = new ArrayList<>();
    StringBuilder logical = new StringBuilder();
    int number = 0;
    int first = 0;
    for (String line : text.split("\r\n|\r|\n", -1)) {
      number++;
      if (logical.isEmpty()) {
        first = number;
      }
      boolean comment = logical.isEmpty() && isComment(line);
      logical.append(comment ? "" : line);
      if (comment || !endsWithOddBackslashes(line)) {
        add(settings, logical.toString(), first);
        logical.setLength(0);
      } else {
        logical.append('\n');
      }
    }
    add(settings, logical.toString(), first);
    return settings;
  }

  private static boolean isComment(String line) {
    String text = line.stripLeading();
    return text.startsWith("#") || text.startsWith("!");
  }

  private static boolean endsWithOddBackslashes(String line) {
    int count = 0;
    while (count < line.length() && line.charAt(line.length() - 1 - count) == '\\') {
      count++;
    }
    return count % 2 == 1;
  }

  private static void add(List<Setting> settings, String logicalLine, int number) {
    Properties one = new Properties();
    try {
      one.load(new StringReader(logicalLine));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    } catch (IllegalArgumentException badEscape) {
      throw new IllegalArgumentException("line " + number + ": " + badEscape.getMessage());
    }
    for (String key : one.stringPropertyNames()) {
      settings.add(new Setting(key, one.getProperty(key).strip(), "line " + number));
    }
  }
}
