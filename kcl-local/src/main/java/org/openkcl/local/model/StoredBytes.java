package org.openkcl.local.model;

import java.io.Serializable;

/** How many bytes all stored records take. Counted anew when records are put back. */
final class StoredBytes implements Serializable {
  private transient long count;

  long count() {
    return count;
  }

  void add(long bytes) {
    count += bytes;
  }

  void free(long bytes) {
    count -= bytes;
  }
}
