package org.openkcl.local.http;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.openkcl.local.faults.FaultRules;

/** The one lock around the faults in force. Whoever holds it asks nobody else. */
public final class GuardedFaults {
  private final ReentrantLock lock = new ReentrantLock();
  private final FaultRules rules = new FaultRules();

  /** Runs a question, or a change, with the rules to itself. */
  public <T> T ask(Function<FaultRules, T> question) {
    lock.lock();
    try {
      return question.apply(rules);
    } finally {
      lock.unlock();
    }
  }
}
