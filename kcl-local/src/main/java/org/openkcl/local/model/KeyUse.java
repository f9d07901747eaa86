package org.openkcl.local.model;

/** What a key is needed for, as the permission that KMS asks of the caller. */
public enum KeyUse {
  /** Putting records, and starting encryption. */
  ENCRYPT("kms:GenerateDataKey"),
  /** Reading records. */
  DECRYPT("kms:Decrypt");

  private final String permission;

  KeyUse(String permission) {
    this.permission = permission;
  }

  String permission() {
    return permission;
  }
}
