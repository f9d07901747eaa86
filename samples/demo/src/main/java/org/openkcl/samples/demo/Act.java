package org.openkcl.samples.demo;

import org.openkcl.samples.demo.proof.Progress;

/** What happens to the stream and the fleet while records flow, in this order. */
enum Act {
  SPLIT,
  MERGE,
  C_JOINS,
  C_STOPS,
  B_IS_KILLED;

  /** Whether the fleet is in the state that makes the act worth watching. */
  boolean worthwhile(Progress progress) {
    return switch (this) {
      case SPLIT -> progress.shardsOf("A") > 0 && progress.shardsOf("B") > 0;
      case MERGE, C_JOINS -> true;
      case C_STOPS -> progress.shardsOf("C") > 0;
      case B_IS_KILLED -> progress.shardsOf("B") > 0 && progress.shardsOf("C") == 0;
    };
  }
}
