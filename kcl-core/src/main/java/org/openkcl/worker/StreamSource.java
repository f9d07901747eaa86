package org.openkcl.worker;

import org.jspecify.annotations.Nullable;
import org.openkcl.InitialPosition;
import org.openkcl.RecreatedStream;
import org.openkcl.lineage.ShardCatalog;
import org.openkcl.processor.StreamIdentifier;
import org.openkcl.retrieval.RecordSources;

/**
 * A stream that a worker is to read.
 *
 * @param name as it was given: by name, ARN or identifier. One worker has no two of the same name
 * @param identifier names it to processors and, where there are several, in the lease table; null if
 *     it is to be made of what Kinesis says of account and creation time
 * @param reading where and how it is read
 * @param catalog which shards it has
 * @param sources their records
 * @param closer called once when the stream is not read any more
 */
public record StreamSource(
    String name,
    @Nullable StreamIdentifier identifier,
    Reading reading,
    ShardCatalog catalog,
    RecordSources sources,
    Runnable closer) {

  /**
   * How a stream is read.
   *
   * @param position where it is begun
   * @param recreated what is done if it was deleted and created again
   */
  public record Reading(InitialPosition position, RecreatedStream recreated) {}
}
