package org.openkcl.local.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps a data folder to one cloud; the operating system frees it when the process ends. */
public final class FolderLock implements AutoCloseable {
  private final FileChannel file;

  private FolderLock(FileChannel file) {
    this.file = file;
  }

  /**
   * Takes a folder; creates it when it does not exist.
   *
   * @throws IllegalStateException when another cloud has it
   */
  public static FolderLock take(Path folder) throws IOException {
    Files.createDirectories(folder);
    FileChannel file = FileChannel.open(
        folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = file.tryLock();
      if (lock != null) {
        return new FolderLock(file);
      }
    } catch (OverlappingFileLockException heldHere) {
      // The same answer as when another process holds it.
    } catch (IOException failure) {
      file.close();
      throw failure;
    }
    file.close();
    throw new IllegalStateException("The data folder "
        + folder
        + " is in use by another kcl-local. Stop that one, or choose another folder.");
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException failure) {
      throw new UncheckedIOException("Freeing the data folder failed", failure);
    }
  }
}
