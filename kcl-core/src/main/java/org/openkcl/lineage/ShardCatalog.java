package org.openkcl.lineage;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * What Kinesis says of one stream. Every method returns at once; stages complete on a thread of the
 * adapter's choosing and fail with {@link StreamFailure} only.
 */
public interface ShardCatalog {

  /** The stream itself. */
  CompletionStage<StreamState> describe();

  /** The shards of a selection, all pages of the answer together. */
  CompletionStage<List<Shard>> list(ShardSelection selection);
}
