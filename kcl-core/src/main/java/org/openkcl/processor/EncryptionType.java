package org.openkcl.processor;

/** How Kinesis kept a record at rest. Records are always delivered decrypted. */
public enum EncryptionType {
  /** Not encrypted. */
  NONE,
  /** Encrypted with a key of the AWS Key Management Service. */
  KMS
}
