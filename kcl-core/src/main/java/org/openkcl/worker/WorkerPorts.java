package org.openkcl.worker;

import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.leases.LeaseTable;
import org.openkcl.processor.ShardRecordProcessorFactory;

/**
 * What a worker is connected to.
 *
 * @param loop the worker's only thread of its own
 * @param table the application's leases
 * @param streams what is read
 * @param processors asked for one processor per shard; user code
 */
public record WorkerPorts(
    Environment environment,
    EventLoop loop,
    LeaseTable table,
    StreamSupply streams,
    ShardRecordProcessorFactory processors) {}
