package org.openkcl.local.http;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.openkcl.local.faults.FaultCall;
import org.openkcl.local.faults.FaultError;
import org.openkcl.local.faults.FaultRules;
import org.openkcl.local.model.PutRefusal;
import org.openkcl.local.model.RecordGate;

/** The faults in force, for many threads. */
public final class GuardedFaults {
  private final Guarded<FaultRules> rules = new Guarded<>(new FaultRules());

  /** Lets faults strike single records of a put. */
  public RecordGate gate() {
    return (operation, place) -> {
      FaultCall call = new FaultCall(operation, place.streamName(), place.shardId(), null);
      FaultError error = ask(all -> all.isEmpty() ? null : all.onRecord(call));
      return error == null ? null : new PutRefusal(error.type(), error.message());
    };
  }

  /** Runs a question, or a change, with the rules to itself. */
  public <T extends @Nullable Object> T ask(Function<FaultRules, T> question) {
    return rules.ask(question);
  }
}
