package org.openkcl.local.model;

/**
 * An amount per second, used up in windows of one second. The first window begins with the first
 * use; after a window without use the next begins with the next use. What is used beyond a window's
 * share is taken out of the windows that follow, so that 10 MiB at 2 MiB a second close the budget
 * for 5 seconds.
 */
final class RateBudget {
  private static final long WINDOW_MILLIS = 1_000;

  private final long perSecond;
  private long windowStart;
  private long used;

  RateBudget(long perSecond) {
    this.perSecond = perSecond;
  }

  /** Whether anything is left of the present window. */
  boolean hasRoom(long now) {
    advance(now);
    return used < perSecond;
  }

  /** Whether so much is left; an amount beyond a whole window's share needs an untouched one. */
  boolean hasRoomFor(long amount, long now) {
    advance(now);
    return used == 0 || amount <= perSecond - used;
  }

  /** Uses so much, more than is left too. */
  void use(long amount, long now) {
    advance(now);
    if (used == 0) {
      windowStart = now;
    }
    used += amount;
  }

  /** When something is left: now, or at the start of a later window. */
  long opensAt(long now) {
    return hasRoom(now) ? now : windowStart + used / perSecond * WINDOW_MILLIS;
  }

  private void advance(long now) {
    long seconds = (now - windowStart) / WINDOW_MILLIS;
    if (used == 0 || seconds == 0) {
      return;
    }
    if (seconds > (used - 1) / perSecond) {
      used = 0;
    } else {
      used -= seconds * perSecond;
      windowStart += seconds * WINDOW_MILLIS;
    }
  }
}
