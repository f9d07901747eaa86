package org.openkcl.local.model;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The records of one shard in order: a ring that grows, is appended to at one end and trimmed at the
 * other, and is searched by halving.
 */
final class RecordLog implements Serializable {
  private @Nullable StreamRecord[] ring = new @Nullable StreamRecord[16];
  private int head;
  private int size;

  void append(StreamRecord record) {
    if (size == ring.length) {
      grow();
    }
    ring[(head + size) & (ring.length - 1)] = record;
    size++;
  }

  int size() {
    return size;
  }

  StreamRecord get(int index) {
    StreamRecord record = ring[(head + index) & (ring.length - 1)];
    if (record == null) {
      throw new IndexOutOfBoundsException(index);
    }
    return record;
  }

  /** The index of the first record of this tick or a later one; {@link #size} when there is none. */
  int firstAtTick(long tick) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (get(middle).tick() < tick) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** As {@link #firstAtTick}, by time of arrival. */
  int firstArrivedAt(long millis) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (get(middle).arrivalMillis() < millis) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Records from an index on: at most {@code count}, and past the first at most so many bytes. */
  List<StreamRecord> slice(int from, int count, long bytesMax) {
    List<StreamRecord> found = new ArrayList<>(Math.min(count, size - from));
    long bytes = 0;
    for (int i = from; i < size && found.size() < count; i++) {
      StreamRecord record = get(i);
      bytes += record.sharedData().length;
      if (bytes > bytesMax && !found.isEmpty()) {
        break;
      }
      found.add(record);
    }
    return found;
  }

  /** Forgets records that arrived before this time and returns how many bytes they took. */
  long trimBefore(long millis) {
    long freed = 0;
    while (size > 0 && get(0).arrivalMillis() < millis) {
      freed += get(0).storedBytes();
      ring[head] = null;
      head = (head + 1) & (ring.length - 1);
      size--;
    }
    return freed;
  }

  /** An image has no records; each is journaled by itself. */
  private Object writeReplace() {
    return new Empty();
  }

  private record Empty() implements Serializable {
    private Object readResolve() {
      return new RecordLog();
    }
  }

  private void grow() {
    @Nullable StreamRecord[] larger = new @Nullable StreamRecord[ring.length * 2];
    int tail = ring.length - head;
    System.arraycopy(ring, head, larger, 0, tail);
    System.arraycopy(ring, 0, larger, tail, head);
    ring = larger;
    head = 0;
  }
}
