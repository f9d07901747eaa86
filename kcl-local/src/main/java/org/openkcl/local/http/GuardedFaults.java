package org.openkcl.local.http;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.openkcl.local.faults.FaultCall;
import org.openkcl.local.faults.FaultError;
import org.openkcl.local.faults.FaultRules;
import org.openkcl.local.model.PutRefusal;
import org.openkcl.local.model.RecordGate;

/** The one lock around the faults in force. Whoever holds it asks nobody else. */
public final class GuardedFaults {
  private final ReentrantLock lock = new ReentrantLock();
  private final FaultRules rules = new FaultRules();

  /** Lets faults strike single records of a put. */
  public RecordGate gate() {
    return (operation, place) -> {
      FaultCall call = new FaultCall(operation, place.streamName(), place.shardId(), null);
      FaultError error = ask(rules -> rules.isEmpty() ? null : rules.onRecord(call));
      return error == null ? null : new PutRefusal(error.type(), error.message());
    };
  }

  /** Runs a question, or a change, with the rules to itself. */
  public <T extends @Nullable Object> T ask(Function<FaultRules, T> question) {
    lock.lock();
    try {
      return question.apply(rules);
    } finally {
      lock.unlock();
    }
  }
}
