package org.openkcl.samples.demo.proof;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** What the ledgers know a payload by. */
public final class PayloadCrc {
  private PayloadCrc() {}

  /** The CRC-32C of the bytes that remain in {@code payload}, which stays as it is. */
  public static int of(ByteBuffer payload) {
    CRC32C crc = new CRC32C();
    crc.update(payload.duplicate());
    return (int) crc.getValue();
  }
}
