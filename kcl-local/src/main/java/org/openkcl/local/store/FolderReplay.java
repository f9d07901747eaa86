package org.openkcl.local.store;

import java.io.IOException;
import java.io.InvalidClassException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openkcl.local.model.JournaledRecord;
import org.openkcl.local.model.LocalStreams;

/**
 * From the segments of a log to the streams they tell of: the last image, and then the records of all
 * segments in order.
 */
final class FolderReplay {
  private FolderReplay() {}

  /** Makes streams without records. */
  @FunctionalInterface
  interface Beginning {
    /** From an image, or, without one, none at all. */
    LocalStreams from(byte @Nullable [] image) throws IOException;
  }

  /** Reads all segments; cuts off what is torn at the end of the last one. */
  static LocalStreams run(List<Segment> segments, Beginning beginning) throws IOException {
    LocalStreams streams = begin(segments, beginning);
    for (Segment segment : List.copyOf(segments)) {
      if (restore(segment, isLast(segment, segments), streams) == 0) {
        Files.delete(segment.file);
        segments.remove(segment);
      }
    }
    return streams;
  }

  /** Every segment begins with one, unless its beginning is torn. */
  private static byte @Nullable [] lastImage(List<Segment> segments) throws IOException {
    for (int i = segments.size() - 1; i >= 0; i--) {
      byte[] image = null;
      Segment segment = segments.get(i);
      try (SegmentReader frames = SegmentReader.open(segment.file, isLast(segment, segments))) {
        for (ByteBuffer body = frames.next(); body != null; body = frames.next()) {
          if (Entries.isImage(body)) {
            image = Entries.image(body);
          }
        }
      }
      if (image != null) {
        return image;
      }
    }
    return null;
  }

  private static LocalStreams begin(List<Segment> segments, Beginning beginning)
      throws IOException {
    try {
      return beginning.from(lastImage(segments));
    } catch (InvalidClassException otherVersion) {
      throw new DamagedFolderException(
          segments.get(0).file.getParent()
              + " was written by another version of kcl-local, which alone can read it. Move the"
              + " folder away to start with an empty one.",
          otherVersion);
    }
  }

  /** Returns how much of the segment is whole; nothing, when it was torn at its very beginning. */
  private static long restore(Segment segment, boolean isLast, LocalStreams streams)
      throws IOException {
    long end;
    try (SegmentReader frames = SegmentReader.open(segment.file, isLast)) {
      for (ByteBuffer body = frames.next(); body != null; body = frames.next()) {
        if (!Entries.isImage(body)) {
          JournaledRecord record = Entries.record(body);
          segment.note(record);
          if (streams.retains(record.streamName(), record.incarnation(), record.arrivalMillis())) {
            streams.restore(record);
          }
        }
      }
      end = frames.position();
    }
    if (end < Files.size(segment.file)) {
      try (FileChannel torn = FileChannel.open(segment.file, StandardOpenOption.WRITE)) {
        torn.truncate(end);
      }
    }
    return end;
  }

  private static boolean isLast(Segment segment, List<Segment> segments) {
    return segment.number == segments.get(segments.size() - 1).number;
  }
}
