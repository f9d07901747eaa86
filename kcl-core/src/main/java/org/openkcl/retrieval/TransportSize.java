package org.openkcl.retrieval;

/**
 * How large the transport of a stream's subscriptions is: what a connection of HTTP/2 may hold of
 * each, and how many share one.
 *
 * @param windowBytes the flow control window of one subscription: what the service may have sent
 *     that nobody has requested yet
 * @param streamsPerConnection how many subscriptions share a connection at most
 */
public record TransportSize(int windowBytes, int streamsPerConnection) {
  /** Enough for 2 MB a second with 250 ms of network between. */
  static final int LARGEST_WINDOW = 512 * 1024;

  /** Still 2 MB a second with 8 ms of network between. */
  static final int SMALLEST_WINDOW = 16 * 1024;

  /** What a lost packet of one connection holds up. */
  private static final int LARGEST_CONNECTION = 128;

  private static final int SMALLEST_CONNECTION = 16;

  /** All windows together take at most this part of the memory budget. */
  private static final int PART_OF_BUDGET = 4;

  /**
   * The size for a stream: windows of a quarter of the budget for all open shards together, and
   * connections for every network thread. Sizes are powers of two, so that streams of similar size
   * share a client.
   *
   * @param openShards of the stream; one worker may have to read them all
   * @param budgetBytes the worker's memory budget
   * @param networkThreads of the client, 1 or more
   */
  public static TransportSize of(int openShards, long budgetBytes, int networkThreads) {
    int shards = Math.max(1, openShards);
    long window = budgetBytes / PART_OF_BUDGET / shards;
    int streams = (shards + networkThreads - 1) / networkThreads;
    return new TransportSize(
        powerOfTwo(window, SMALLEST_WINDOW, LARGEST_WINDOW),
        powerOfTwo(2L * streams, SMALLEST_CONNECTION, LARGEST_CONNECTION));
  }

  /** The greatest power of two up to a value, within bounds that are powers of two themselves. */
  private static int powerOfTwo(long value, int least, int most) {
    return (int) Long.highestOneBit(Math.max(least, Math.min(most, value)));
  }
}
