package org.openkcl.samples.demo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** How a worker is made to misbehave, so that the proof can be seen to notice. */
enum Sabotage {
  NONE,
  /** Leaves out some records of a batch and checkpoints past them. */
  SKIP,
  /** Swaps two records of a batch. */
  REORDER,
  /** Reads a child shard while its parent is not done with. */
  EARLY_CHILD;

  private static final int BATCH_MIN = 6;

  /** Whether there are records enough to do harm to. */
  boolean canSpoil(List<?> batch) {
    return (this == SKIP || this == REORDER) && batch.size() >= BATCH_MIN;
  }

  /** The batch as the misbehaving worker treats it. */
  <T> List<T> spoil(List<T> batch) {
    List<T> spoiled = new ArrayList<>(batch);
    int middle = batch.size() / 2;
    switch (this) {
      case SKIP -> spoiled.subList(middle - 1, middle + 2).clear();
      case REORDER -> Collections.swap(spoiled, middle, middle + 1);
      case NONE, EARLY_CHILD -> {}
    }
    return List.copyOf(spoiled);
  }

  /** Its name as an option's value. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
