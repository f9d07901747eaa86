package org.openkcl.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.openkcl.local.http.GuardedStreams;
import org.openkcl.local.model.LocalStreams;
import org.openkcl.local.model.LocalStreamsSettings;
import org.openkcl.local.model.RecordGate;
import org.openkcl.local.store.FolderLock;
import org.openkcl.local.store.StreamsFolder;

/** Where a cloud keeps its streams and tables: in memory, or in a folder. */
final class Storage implements AutoCloseable {
  private final GuardedStreams streams;
  private final @Nullable Path tables;
  private final @Nullable StreamsFolder folder;
  private final @Nullable FolderLock lock;

  private Storage(
      GuardedStreams streams,
      @Nullable Path tables,
      @Nullable StreamsFolder folder,
      @Nullable FolderLock lock) {
    this.streams = streams;
    this.tables = tables;
    this.folder = folder;
    this.lock = lock;
  }

  static Storage inMemory(InstantSource clock, LocalStreamsSettings settings, RecordGate gate) {
    return new Storage(
        new GuardedStreams(new LocalStreams(clock, settings, gate)), null, null, null);
  }

  /**
   * Takes a folder with all that is in it.
   *
   * @throws IllegalStateException when another cloud has it, or it cannot be read
   */
  static Storage in(
      Path path,
      boolean waitsForDisk,
      InstantSource clock,
      LocalStreamsSettings settings,
      RecordGate gate) {
    try {
      FolderLock lock = FolderLock.take(path);
      try {
        StreamsFolder folder = StreamsFolder.open(
            path.resolve("streams"), StreamsFolder.Options.of(waitsForDisk), clock, settings, gate);
        return new Storage(
            new GuardedStreams(folder.streams(), folder), path.resolve("dynamodb"), folder, lock);
      } catch (IOException | RuntimeException failure) {
        lock.close();
        throw failure;
      }
    } catch (IOException | UncheckedIOException failure) {
      throw new IllegalStateException(
          "The data folder " + path + " cannot be used: " + failure.getMessage(), failure);
    }
  }

  GuardedStreams streams() {
    return streams;
  }

  /** The folder for DynamoDB's tables; null for memory. */
  @Nullable
  Path tables() {
    return tables;
  }

  @Override
  public void close() {
    if (folder != null) {
      folder.close();
    }
    if (lock != null) {
      lock.close();
    }
  }
}
