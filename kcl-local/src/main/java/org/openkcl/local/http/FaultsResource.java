package org.openkcl.local.http;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openkcl.local.faults.Delay;
import org.openkcl.local.faults.Fault;
import org.openkcl.local.faults.FaultKind;
import org.openkcl.local.faults.FaultReport;
import org.openkcl.local.faults.FaultScope;
import org.openkcl.local.model.StreamException;

/**
 * The faults in force over HTTP: {@code GET} lists them, {@code POST} adds one, {@code DELETE}
 * removes the one of the id in the path, or all.
 */
public final class FaultsResource implements AdminResource {
  private final GuardedFaults faults;

  public FaultsResource(GuardedFaults faults) {
    this.faults = faults;
  }

  @Override
  public byte[] answer(String method, String rest, byte[] body) {
    return switch (method) {
      case "GET" -> list(faults.ask(rules -> rules.list()));
      case "POST" -> {
        long id = add(fault(Wire.JSON.read(body)));
        yield Wire.JSON.write(out -> out.number("id", id));
      }
      case "DELETE" -> remove(rest);
      default -> throw new StreamException("MethodNotAllowed", "Use GET, POST or DELETE");
    };
  }

  private long add(Fault fault) {
    try {
      return faults.ask(rules -> rules.add(fault));
    } catch (IllegalStateException full) {
      throw StreamException.invalidArgument(String.valueOf(full.getMessage()));
    }
  }

  private byte[] remove(String rest) {
    int removed = faults.ask(rules -> {
      if (!rest.isEmpty()) {
        return rules.remove(id(rest)) ? 1 : 0;
      }
      int all = rules.list().size();
      rules.clear();
      return all;
    });
    if (removed == 0 && !rest.isEmpty()) {
      throw new StreamException("NotFound", "No fault has the id " + rest);
    }
    return Wire.JSON.write(out -> out.number("removed", removed));
  }

  private static long id(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException noNumber) {
      throw new StreamException("NotFound", "No fault has the id " + text);
    }
  }

  private static Fault fault(Params in) {
    in.requireOnly(
        "kind",
        "operation",
        "stream",
        "shard",
        "consumer",
        "probability",
        "seed",
        "next",
        "delayMillis",
        "delayMillisMax",
        "delayMillisP99");
    FaultKind kind = ShardOperations.choice(FaultKind.class, "kind", in.text("kind"));
    FaultScope scope = new FaultScope(
        in.textOrNull("operation"),
        in.textOrNull("stream"),
        in.textOrNull("shard"),
        in.textOrNull("consumer"));
    try {
      return new Fault(
          kind,
          scope,
          in.decimal("probability", 1),
          in.whole("seed", 0),
          in.whole("next", Long.MAX_VALUE),
          delay(in));
    } catch (IllegalArgumentException wrong) {
      throw StreamException.invalidArgument(String.valueOf(wrong.getMessage()));
    }
  }

  private static @Nullable Delay delay(Params in) {
    if (!in.has("delayMillis")) {
      return null;
    }
    Duration first = Duration.ofMillis(in.whole("delayMillis", 0));
    if (in.has("delayMillisMax")) {
      return Delay.between(first, Duration.ofMillis(in.whole("delayMillisMax", 0)));
    }
    return in.has("delayMillisP99")
        ? Delay.skewed(first, Duration.ofMillis(in.whole("delayMillisP99", 0)))
        : Delay.fixed(first);
  }

  private static byte[] list(List<FaultReport> reports) {
    return Wire.JSON.write(out -> out.objects("faults", reports, FaultsResource::write));
  }

  private static void write(ReplyWriter out, FaultReport report) throws IOException {
    Fault fault = report.fault();
    out.number("id", report.id());
    out.text("kind", fault.kind().name());
    out.text("operation", fault.scope().operation());
    out.text("stream", fault.scope().stream());
    out.text("shard", fault.scope().shard());
    out.text("consumer", fault.scope().consumer());
    if (fault.probability() < 1) {
      out.decimal("probability", fault.probability());
    }
    out.number("seed", fault.seed());
    if (fault.strikesMax() < Long.MAX_VALUE) {
      out.number("next", fault.strikesMax());
    }
    writeDelay(out, fault.delay());
    out.number("strikes", report.strikes());
    out.flag("spent", report.isSpent());
  }

  private static void writeDelay(ReplyWriter out, @Nullable Delay delay) throws IOException {
    if (delay == null) {
      return;
    }
    out.number("delayMillis", delay.first().toMillis());
    switch (delay.shape()) {
      case FIXED -> {}
      case EVEN -> out.number("delayMillisMax", delay.second().toMillis());
      case SKEWED -> out.number("delayMillisP99", delay.second().toMillis());
    }
  }
}
