package org.openkcl.local.model;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Everything about the streams except their records, as bytes: shards, lineage, and whatever the
 * control plane has set.
 *
 * <p>It is Java's own serialization of the model's objects, so a new member of the model is part of
 * the image as soon as its class is {@code Serializable}; what only matters to the running process is
 * {@code transient}. Clock, settings and what is made from nothing are put in anew. An image can be
 * read by the version that wrote it.
 */
public final class StreamsImage {
  private static final ObjectInputFilter OF_THE_MODEL = ObjectInputFilter.Config.createFilter(
      "org.openkcl.local.model.*;java.lang.*;java.lang.invoke.SerializedLambda;java.util.*;java.math.*;java.time.*;!*");

  /** Stands in an image for an object that is put in anew. */
  private enum Anew {
    CLOCK,
    SETTINGS,
    HASH_KEYS,
    THROTTLE
  }

  private StreamsImage() {}

  /** The image of these streams; the same bytes as long as nothing but records has changed. */
  public static byte[] of(LocalStreams streams) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (Writer writer = new Writer(bytes)) {
      writer.writeObject(streams);
    } catch (IOException defect) {
      throw new UncheckedIOException("A part of the model cannot be written", defect);
    }
    return bytes.toByteArray();
  }

  /**
   * The streams of an image, without records.
   *
   * @throws InvalidClassException when another version wrote it
   */
  public static LocalStreams read(
      byte[] image, InstantSource clock, LocalStreamsSettings settings, RecordGate gate)
      throws IOException {
    try (Reader reader = new Reader(image, clock, settings, gate)) {
      return (LocalStreams) reader.readObject();
    } catch (ClassNotFoundException otherVersion) {
      throw new InvalidClassException(String.valueOf(otherVersion.getMessage()));
    }
  }

  private static final class Writer extends ObjectOutputStream {
    Writer(OutputStream out) throws IOException {
      super(out);
      enableReplaceObject(true);
    }

    @Override
    protected @Nullable Object replaceObject(@Nullable Object object) {
      if (object instanceof InstantSource) {
        return Anew.CLOCK;
      }
      if (object instanceof LocalStreamsSettings) {
        return Anew.SETTINGS;
      }
      if (object instanceof Throttle) {
        return Anew.THROTTLE;
      }
      return object instanceof HashKeys ? Anew.HASH_KEYS : object;
    }
  }

  private static final class Reader extends ObjectInputStream {
    private final InstantSource clock;
    private final LocalStreamsSettings settings;
    private final RecordGate gate;

    Reader(byte[] image, InstantSource clock, LocalStreamsSettings settings, RecordGate gate)
        throws IOException {
      super(new ByteArrayInputStream(image));
      this.clock = clock;
      this.settings = settings;
      this.gate = gate;
      setObjectInputFilter(info -> info.serialClass() == clock.getClass()
          ? ObjectInputFilter.Status.ALLOWED
          : OF_THE_MODEL.checkInput(info));
      enableResolveObject(true);
    }

    @Override
    protected @Nullable Object resolveObject(@Nullable Object object) {
      if (!(object instanceof Anew anew)) {
        return object;
      }
      return switch (anew) {
        case CLOCK -> clock;
        case SETTINGS -> settings;
        case HASH_KEYS -> new HashKeys();
        case THROTTLE -> new Throttle(settings.limits(), gate);
      };
    }
  }
}
