package org.openkcl;

/**
 * How many odd records a worker has come across since it was built.
 *
 * @param foreign user records of aggregates whose hash keys belong to other shards
 * @param corrupt aggregates that could not be read
 * @param lookalikes records that begin like aggregates and are none
 * @param dropped of those, how many were not delivered
 * @param deadLetters of those, how many the dead letters took
 * @param undecoded records that the decoder failed on, counted again each time it did
 */
public record OddRecordCounts(
    long foreign, long corrupt, long lookalikes, long dropped, long deadLetters, long undecoded) {

  /** None yet. */
  public static final OddRecordCounts NONE = new OddRecordCounts(0, 0, 0, 0, 0, 0);

  /** These and those. */
  public OddRecordCounts plus(OddRecordCounts more) {
    return new OddRecordCounts(
        foreign + more.foreign,
        corrupt + more.corrupt,
        lookalikes + more.lookalikes,
        dropped + more.dropped,
        deadLetters + more.deadLetters,
        undecoded + more.undecoded);
  }
}
