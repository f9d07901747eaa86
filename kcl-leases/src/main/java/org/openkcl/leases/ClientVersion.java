package org.openkcl.leases;

import java.util.Set;

/** The states of Amazon's migration from 2.x to 3.x, and which follows which. */
public enum ClientVersion {
  /** Code of 3.x that behaves as 2.x and has written nothing yet. */
  INIT("CLIENT_VERSION_INIT"),
  /** Leases are still balanced by every worker; metrics and index are being prepared. */
  UPGRADE_FROM_2X("CLIENT_VERSION_UPGRADE_FROM_2X"),
  /** Rolled back: leases are balanced by every worker. */
  V2X("CLIENT_VERSION_2X"),
  /** A leader assigns; the way back is open. */
  V3X_WITH_ROLLBACK("CLIENT_VERSION_3X_WITH_ROLLBACK"),
  /** A leader assigns, for good. */
  V3X("CLIENT_VERSION_3X"),
  /** A state that this version of OpenKCL does not know. */
  UNKNOWN("");

  private final String text;

  ClientVersion(String text) {
    this.text = text;
  }

  /** As it stands in the item. */
  public String text() {
    return text;
  }

  /** The version of that name; {@link #UNKNOWN} when there is none. */
  public static ClientVersion named(String text) {
    for (ClientVersion version : values()) {
      if (version.text.equals(text)) {
        return version;
      }
    }
    return UNKNOWN;
  }

  /** Whether a leader assigns the leases; otherwise every worker takes its share. */
  public boolean isLed() {
    return this == V3X || this == V3X_WITH_ROLLBACK;
  }

  /** The states that Amazon's workers and tool go to from here. */
  public Set<ClientVersion> next() {
    return switch (this) {
      case UPGRADE_FROM_2X -> Set.of(V3X_WITH_ROLLBACK, V2X);
      case V2X -> Set.of(UPGRADE_FROM_2X);
      case V3X_WITH_ROLLBACK -> Set.of(V3X, V2X);
      case INIT, V3X, UNKNOWN -> Set.of();
    };
  }
}
