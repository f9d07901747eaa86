package org.openkcl.samples.producer;

import java.util.List;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;

/**
 * One record of the stream as it is put: an aggregate, or one user record by itself.
 *
 * @param records what is in it, never empty
 * @param bytes what it takes of the service's limits: data and partition key
 */
record Entry(List<UserRecord> records, PutRecordsRequestEntry request, int bytes) {

  /**
   * An entry for these records, which belong to one shard. The hash key of the first is given with
   * an aggregate, so that it goes to the shard of its user records.
   */
  static Entry of(List<UserRecord> records) {
    UserRecord first = records.get(0);
    boolean alone = records.size() == 1;
    byte[] data = alone ? first.data() : AggregateWriter.write(records);
    PutRecordsRequestEntry request = PutRecordsRequestEntry.builder()
        .partitionKey(first.partitionKeyText())
        .explicitHashKey(alone ? first.explicitHashKey() : first.hashKey().toString())
        .data(SdkBytes.fromByteArrayUnsafe(data))
        .build();
    return new Entry(List.copyOf(records), request, data.length + first.partitionKey().length);
  }
}
