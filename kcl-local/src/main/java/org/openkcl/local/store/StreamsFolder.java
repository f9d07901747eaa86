package org.openkcl.local.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.openkcl.local.http.StreamKeeper;
import org.openkcl.local.model.JournaledRecord;
import org.openkcl.local.model.LocalStreams;
import org.openkcl.local.model.LocalStreamsSettings;
import org.openkcl.local.model.RecordGate;
import org.openkcl.local.model.StreamsImage;

/**
 * The log of one set of streams in a folder.
 *
 * <p>{@link #settle} is called before anything is acknowledged, with the streams to itself. It hands
 * everything new to the operating system, so that the end of the process loses nothing; whoever also
 * fears for the machine has {@link #await} wait for the disk, many requests with one wait.
 */
public final class StreamsFolder implements StreamKeeper {
  private static final long SEGMENT_BYTES = 64L * 1024 * 1024;

  private final Path folder;
  private final boolean waitsForDisk;
  private final long segmentBytes;
  private final LocalStreams streams;
  private final List<Segment> former;
  private final FrameBuffer waiting = new FrameBuffer();
  private final ReentrantLock syncing = new ReentrantLock();

  private SegmentWriter current;
  private byte[] image = new byte[0];
  private long shardsEver;
  private final AtomicLong settled = new AtomicLong();
  private volatile long synced;

  private StreamsFolder(
      Path folder, Options options, LocalStreams streams, List<Segment> former, long number)
      throws IOException {
    this.folder = folder;
    this.waitsForDisk = options.waitsForDisk();
    this.segmentBytes = options.segmentBytes();
    this.streams = streams;
    this.former = former;
    this.current = new SegmentWriter(new Segment(folder, number));
  }

  /**
   * How to keep streams.
   *
   * @param waitsForDisk whether acknowledgements wait for the disk and not just for the operating
   *     system
   * @param segmentBytes after how many bytes a new segment is begun
   */
  public record Options(boolean waitsForDisk, long segmentBytes) {
    public static Options of(boolean waitsForDisk) {
      return new Options(waitsForDisk, SEGMENT_BYTES);
    }
  }

  /**
   * Opens a folder, with the streams that are in it.
   *
   * @param folder is created when it does not exist; nobody else may have it open
   * @throws DamagedFolderException when a part of it cannot be read
   */
  public static StreamsFolder open(
      Path folder,
      Options options,
      InstantSource clock,
      LocalStreamsSettings settings,
      RecordGate gate)
      throws IOException {
    Files.createDirectories(folder);
    List<Segment> segments = segments(folder);
    LocalStreams streams = FolderReplay.run(
        segments,
        image -> image == null
            ? new LocalStreams(clock, settings, gate)
            : StreamsImage.read(image, clock, settings, gate));
    long next = segments.isEmpty() ? 1 : segments.get(segments.size() - 1).number + 1;
    StreamsFolder opened = new StreamsFolder(folder, options, streams, segments, next);
    streams.journalTo(opened::appended);
    opened.settle(streams, true);
    if (options.waitsForDisk()) {
      opened.syncBeginning(opened.current);
    }
    opened.deleteUnneeded();
    return opened;
  }

  private static List<Segment> segments(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return new ArrayList<>(files
          .map(Segment::of)
          .flatMap(Optional::stream)
          .sorted(Comparator.comparingLong(segment -> segment.number))
          .toList());
    }
  }

  /** The streams of this folder. */
  public LocalStreams streams() {
    return streams;
  }

  private void appended(JournaledRecord record) {
    Entries.putRecord(waiting, record);
    current.segment.note(record);
  }

  @Override
  public long settle(LocalStreams changed, boolean mayHaveChangedSettings) {
    long shardsNow = changed.shardsEver();
    if (mayHaveChangedSettings || shardsNow != shardsEver) {
      putImageIfChanged();
      shardsEver = shardsNow;
    }
    if (!waiting.isEmpty()) {
      try {
        ByteBuffer bytes = waiting.waiting();
        long more = bytes.remaining();
        current.write(bytes);
        waiting.clear();
        settled.addAndGet(more);
        if (current.written() > segmentBytes) {
          beginSegment();
        }
      } catch (IOException failure) {
        throw new UncheckedIOException(
            "kcl-local cannot write to " + folder + ": " + failure.getMessage(), failure);
      }
    }
    return settled.get();
  }

  private void putImageIfChanged() {
    byte[] now = StreamsImage.of(streams);
    if (!Arrays.equals(now, image)) {
      Entries.putImage(waiting, now);
      image = now;
    }
  }

  private void beginSegment() throws IOException {
    SegmentWriter next = new SegmentWriter(new Segment(folder, current.segment.number + 1));
    FrameBuffer first = new FrameBuffer();
    image = StreamsImage.of(streams);
    Entries.putImage(first, image);
    next.write(first.waiting());
    if (waitsForDisk) {
      syncBeginning(next);
    }
    SegmentWriter full = current;
    syncing.lock();
    try {
      if (waitsForDisk) {
        full.sync();
      }
      full.close();
      former.add(full.segment);
      current = next;
    } finally {
      syncing.unlock();
    }
    deleteUnneeded();
  }

  private void deleteUnneeded() throws IOException {
    for (Segment segment : List.copyOf(former)) {
      if (!segment.isNeeded(streams)) {
        Files.deleteIfExists(segment.file);
        former.remove(segment);
      }
    }
  }

  @Override
  public void await(long position) {
    if (!waitsForDisk || synced >= position) {
      return;
    }
    syncing.lock();
    try {
      if (synced < position) {
        long reached = settled.get();
        current.sync();
        synced = reached;
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(
          "kcl-local cannot write to the disk of " + folder + ": " + failure.getMessage(), failure);
    } finally {
      syncing.unlock();
    }
  }

  /** A new file is only there after a power loss when its folder was written as well. */
  private void syncBeginning(SegmentWriter beginning) throws IOException {
    beginning.sync();
    if (!System.getProperty("os.name", "").startsWith("Windows")) {
      try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
        entries.force(true);
      }
    }
  }

  /** Closes the file; everything acknowledged is in it. */
  @Override
  public void close() {
    try {
      if (waitsForDisk) {
        current.sync();
      }
      current.close();
    } catch (IOException failure) {
      throw new UncheckedIOException("Closing " + folder + " failed", failure);
    }
  }
}
