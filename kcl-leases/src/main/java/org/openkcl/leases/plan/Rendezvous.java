package org.openkcl.leases.plan;

import java.nio.charset.StandardCharsets;

/**
 * Rendezvous hashing: ranks workers for a lease so that everybody finds the same order, and a
 * worker more or less changes nothing among the others.
 */
final class Rendezvous {
  private Rendezvous() {}

  /** FNV-1a. */
  static long hash(String name) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    return mixed(hash);
  }

  /** How much a worker is wanted for a lease, 0 or more; from the hashes of both names. */
  static long score(long leaseHash, long workerHash) {
    return mixed(leaseHash + 0x9e3779b97f4a7c15L * workerHash) >>> 1;
  }

  /** Lets near names differ in every bit. */
  private static long mixed(long hash) {
    hash ^= hash >>> 33;
    hash *= 0xff51afd7ed558ccdL;
    hash ^= hash >>> 33;
    return hash;
  }
}
