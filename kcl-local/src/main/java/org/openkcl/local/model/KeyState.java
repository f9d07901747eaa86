package org.openkcl.local.model;

/** Whether a key can be used. */
public enum KeyState {
  ENABLED,
  DISABLED,
  PENDING_DELETION
}
