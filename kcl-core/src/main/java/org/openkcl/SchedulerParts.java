package org.openkcl;

import java.time.Duration;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.kinesis.AwsClients;
import org.openkcl.retrieval.RecordOpening;
import org.openkcl.worker.Worker;

/** What a scheduler is made of. */
record SchedulerParts(
    Environment environment,
    EventLoop loop,
    AwsClients clients,
    Worker worker,
    RecordOpening opening,
    StreamWiring streams,
    MetricsOutput metrics,
    Duration drainTimeout) {}
