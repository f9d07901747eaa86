package org.openkcl.fleet.mixed;

/**
 * A promise that was not kept.
 *
 * @param rule which one, in a word or two
 * @param detail who, which shard, which records
 */
record Finding(String rule, String detail) {
  @Override
  public String toString() {
    return rule + ": " + detail;
  }
}
