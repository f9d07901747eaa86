package org.openkcl.multilang.config;

import java.util.Set;
import java.util.stream.Collectors;

/** The names of all keys, for tests of other packages. */
public final class AllKeys {
  private AllKeys() {}

  public static Set<String> names() {
    return Keys.ALL.stream().map(Key::name).collect(Collectors.toUnmodifiableSet());
  }
}
