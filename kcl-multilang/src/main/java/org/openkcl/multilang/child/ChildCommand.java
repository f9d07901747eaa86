package org.openkcl.multilang.child;

import java.io.File;
import java.util.ArrayList;
import java.util.List;

/**
 * The command line of a child: the program and its arguments, split at spaces and given to no shell,
 * as Amazon's daemon does it.
 *
 * <p>Where the system has {@code setsid}, each child gets a session of its own: a signal that a
 * terminal or a container sends to the daemon's process group, such as Ctrl-C, does not end the
 * children before they have handed over.
 */
public final class ChildCommand {
  private static final String SETSID = "setsid";

  private final String text;
  private final List<String> words;

  private ChildCommand(String text, List<String> words) {
    this.text = text;
    this.words = words;
  }

  /** A command as the key {@code executableName} has it. */
  public static ChildCommand of(String executableName) {
    String text = executableName.strip();
    if (text.isEmpty()) {
      throw new IllegalArgumentException(
          "executableName must name the program that processes records, for example"
              + " 'executableName = node app.js': got nothing");
    }
    return new ChildCommand(text, List.of(text.split(" +")));
  }

  /** The words to start, with a session of its own if that is possible here. */
  List<String> words() {
    List<String> all = new ArrayList<>();
    if (isOnPath(SETSID)) {
      all.add(SETSID);
    }
    all.addAll(words);
    return all;
  }

  /** Whether the program can be found, so that a missing one is told before any shard waits. */
  public boolean isFound() {
    String program = words.get(0);
    return program.contains(File.separator) ? new File(program).canExecute() : isOnPath(program);
  }

  private static boolean isOnPath(String program) {
    String path = System.getenv("PATH");
    if (path == null) {
      return false;
    }
    for (String directory : path.split(File.pathSeparator, -1)) {
      if (new File(directory, program).canExecute()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return text;
  }
}
