package org.openkcl.samples.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.openkcl.InitialPosition;
import org.openkcl.Scheduler;
import org.openkcl.processor.KinesisClientRecord;

/** Prints every record of the stream "flights". */
public final class Quickstart {
  public static void main(String[] args) {
    try (Scheduler scheduler = Scheduler.builder()
        .applicationName("delays")
        .streamName("flights")
        .initialPosition(InitialPosition.trimHorizon())
        .processor(() -> batch -> {
          for (KinesisClientRecord record : batch.records()) {
            System.out.println(record.partitionKey() + " " + UTF_8.decode(record.data()));
          }
          batch.checkpointer().checkpoint();
        })
        .build()) {
      scheduler.drainOnSigterm();
      scheduler.start().join(); // fails with the reason
      scheduler.stopped().join();
    }
  }
}
