package org.openkcl.leases;

/** What is known of the index of leases by owner. */
public enum IndexStatus {
  /** There is none. */
  ABSENT,
  /** It is being created, filled or deleted, and answers nothing. */
  BUILDING,
  /** It answers. */
  ACTIVE,
  /** The table may not be described. */
  UNKNOWN
}
