package org.openkcl.leases.fleet;

import java.time.Duration;
import org.openkcl.environment.EventLoop;

/** An event loop that is the calling thread: for a test that does one thing after the other. */
final class DirectLoop implements EventLoop {

  @Override
  public void execute(Runnable task) {
    task.run();
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    throw new UnsupportedOperationException("Time does not pass here");
  }

  @Override
  public boolean inLoop() {
    return true;
  }

  @Override
  public void close() {}
}
