package org.openkcl.local.model;

import java.io.Serializable;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** One key of the registry and who may not use it. */
final class EncryptionKey implements Serializable {
  /** Stands for every principal. */
  static final String EVERYBODY = "*";

  final String arn;
  final boolean managedByService;
  KeyState state = KeyState.ENABLED;
  private final Map<KeyUse, Set<String>> denied = new EnumMap<>(KeyUse.class);

  EncryptionKey(String arn, boolean managedByService) {
    this.arn = arn;
    this.managedByService = managedByService;
  }

  void deny(KeyUse use, String principal) {
    denied.computeIfAbsent(use, none -> new HashSet<>()).add(principal);
  }

  /** Takes denials back; for everybody, all of them. */
  void allow(KeyUse use, String principal) {
    Set<String> principals = denied.getOrDefault(use, new HashSet<>());
    if (principal.equals(EVERYBODY)) {
      principals.clear();
    } else {
      principals.remove(principal);
    }
  }

  boolean denies(KeyUse use, String principal) {
    Set<String> principals = denied.getOrDefault(use, Set.of());
    return principals.contains(EVERYBODY) || principals.contains(principal);
  }
}
