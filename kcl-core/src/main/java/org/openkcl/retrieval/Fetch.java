package org.openkcl.retrieval;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;

/** What the reading of a shard does next. */
public sealed interface Fetch {

  /** One function per case. */
  <T> T match(
      Function<Open, T> open,
      Function<Read, T> read,
      Function<Wait, T> wait,
      Supplier<T> hold,
      Supplier<T> done);

  /** Ask for an iterator. */
  record Open(ReadPosition position) implements Fetch {
    @Override
    public <T> T match(
        Function<Open, T> open,
        Function<Read, T> read,
        Function<Wait, T> wait,
        Supplier<T> hold,
        Supplier<T> done) {
      return open.apply(this);
    }
  }

  /** Read from the iterator. */
  record Read(String iterator) implements Fetch {
    @Override
    public <T> T match(
        Function<Open, T> open,
        Function<Read, T> read,
        Function<Wait, T> wait,
        Supplier<T> hold,
        Supplier<T> done) {
      return read.apply(this);
    }
  }

  /** Ask again after this time. */
  record Wait(Duration duration) implements Fetch {
    @Override
    public <T> T match(
        Function<Open, T> open,
        Function<Read, T> read,
        Function<Wait, T> wait,
        Supplier<T> hold,
        Supplier<T> done) {
      return wait.apply(this);
    }
  }

  /** Enough has been read ahead: ask again when a batch has been taken. */
  record Hold() implements Fetch {
    @Override
    public <T> T match(
        Function<Open, T> open,
        Function<Read, T> read,
        Function<Wait, T> wait,
        Supplier<T> hold,
        Supplier<T> done) {
      return hold.get();
    }
  }

  /** The shard has been read to its end. */
  record Done() implements Fetch {
    @Override
    public <T> T match(
        Function<Open, T> open,
        Function<Read, T> read,
        Function<Wait, T> wait,
        Supplier<T> hold,
        Supplier<T> done) {
      return done.get();
    }
  }
}
