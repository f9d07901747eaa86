package org.openkcl.local.dynamodb;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The native part of the SQLite binding that DynamoDB Local keeps its tables in. It travels in this
 * jar and is unpacked into a temporary directory, once per JVM.
 */
final class NativeLibrary {
  private static final String PATH_PROPERTY = "sqlite4java.library.path";

  private NativeLibrary() {}

  /** Does nothing where {@code sqlite4java.library.path} is set already. */
  static synchronized void install() {
    if (System.getProperty(PATH_PROPERTY) != null) {
      return;
    }
    String file = fileName(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
    try (InputStream library = NativeLibrary.class.getResourceAsStream("native/" + file)) {
      if (library == null) {
        throw new IllegalStateException(
            file + " is missing from kcl-local's jar: build it with Maven");
      }
      Path directory = Files.createTempDirectory("kcl-local-sqlite");
      Path copy = directory.resolve(file);
      Files.copy(library, copy);
      directory.toFile().deleteOnExit();
      copy.toFile().deleteOnExit();
      System.setProperty(PATH_PROPERTY, directory.toString());
    } catch (IOException failure) {
      throw new UncheckedIOException("Unpacking the native library " + file + " failed", failure);
    }
  }

  /** The file for an operating system and processor as Java names them. */
  static String fileName(String osName, String osArch) {
    String os = osName.toLowerCase(Locale.ROOT);
    boolean intel = osArch.equals("amd64") || osArch.equals("x86_64");
    if (intel && os.startsWith("linux")) {
      return "libsqlite4java-linux-amd64.so";
    }
    if (intel && os.startsWith("mac")) {
      return "libsqlite4java-osx.dylib";
    }
    if (intel && os.startsWith("windows")) {
      return "sqlite4java-win32-x64.dll";
    }
    throw new IllegalStateException(
        "DynamoDB Local needs SQLite's native library, and kcl-local brings it for Linux, macOS and"
            + " Windows on x86-64: got os.name="
            + osName
            + ", os.arch="
            + osArch
            + ". Set the system property "
            + PATH_PROPERTY
            + " to a directory that has one.");
  }
}
