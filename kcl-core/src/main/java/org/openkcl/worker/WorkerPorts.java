package org.openkcl.worker;

import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.leases.LeaseTable;
import org.openkcl.lineage.ShardCatalog;
import org.openkcl.processor.ShardRecordProcessorFactory;
import org.openkcl.processor.StreamIdentifier;
import org.openkcl.retrieval.RecordSources;

/**
 * What a worker is connected to.
 *
 * @param loop the worker's only thread of its own
 * @param table the application's leases
 * @param stream what is read
 * @param processors asked for one processor per shard; user code
 */
public record WorkerPorts(
    Environment environment,
    EventLoop loop,
    LeaseTable table,
    Stream stream,
    ShardRecordProcessorFactory processors) {

  /**
   * The stream that is read.
   *
   * @param identifier names it to processors
   * @param catalog which shards it has
   * @param sources their records
   */
  public record Stream(StreamIdentifier identifier, ShardCatalog catalog, RecordSources sources) {}
}
