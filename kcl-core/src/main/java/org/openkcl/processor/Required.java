package org.openkcl.processor;

import org.jspecify.annotations.Nullable;

/** What the builders of this package say when a required value was not set. */
final class Required {
  private Required() {}

  static <T> T value(@Nullable T value, String type, String name) {
    if (value == null) {
      throw new IllegalStateException(
          type + " needs a " + name + ": call " + name + "(...) before build()");
    }
    return value;
  }
}
