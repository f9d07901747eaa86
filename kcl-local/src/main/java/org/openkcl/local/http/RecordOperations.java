package org.openkcl.local.http;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.openkcl.local.http.Operation.Question;
import org.openkcl.local.model.ChildShard;
import org.openkcl.local.model.IteratorPosition;
import org.openkcl.local.model.LocalStreams;
import org.openkcl.local.model.PutEntry;
import org.openkcl.local.model.PutOutcome;
import org.openkcl.local.model.PutResult;
import org.openkcl.local.model.ReadResult;
import org.openkcl.local.model.StreamRecord;

/** Putting and reading records. */
final class RecordOperations {
  static final Map<String, Operation> ALL = Map.of(
      "PutRecord", RecordOperations::put,
      "PutRecords", RecordOperations::putAll,
      "GetShardIterator", RecordOperations::iterator,
      "GetRecords", RecordOperations::read);

  private RecordOperations() {}

  private static Question put(Params in) {
    String stream = in.streamName();
    PutEntry entry = entry(in);
    String ordering = in.textOrNull("SequenceNumberForOrdering");
    return streams -> {
      if (ordering != null) {
        streams.checkOrdering(stream, ordering);
      }
      PutResult result = streams.putAll(stream, List.of(entry)).get(0);
      String encryption = streams.control().encryption().type(stream);
      return out -> {
        writeResult(out, result);
        out.text("EncryptionType", encryption);
      };
    };
  }

  private static Question putAll(Params in) {
    String stream = in.streamName();
    List<PutEntry> entries =
        in.objects("Records").stream().map(RecordOperations::entry).toList();
    return streams -> {
      List<PutOutcome> outcomes = streams.putEach(stream, entries);
      String encryption = streams.control().encryption().type(stream);
      return out -> {
        out.number("FailedRecordCount", failures(outcomes));
        out.objects("Records", outcomes, RecordOperations::writeOutcome);
        out.text("EncryptionType", encryption);
      };
    };
  }

  private static long failures(List<PutOutcome> outcomes) {
    return outcomes.stream()
        .filter(outcome -> outcome.<Boolean>match(stored -> false, refused -> true))
        .count();
  }

  private static PutEntry entry(Params in) {
    return new PutEntry(in.text("PartitionKey"), in.textOrNull("ExplicitHashKey"), in.blob("Data"));
  }

  private static void writeOutcome(ReplyWriter out, PutOutcome outcome) throws IOException {
    ReplyBody members = outcome.match(stored -> to -> writeResult(to, stored), refused -> to -> {
      to.text("ErrorCode", refused.errorType());
      to.text("ErrorMessage", refused.message());
    });
    members.writeTo(out);
  }

  private static void writeResult(ReplyWriter out, PutResult result) throws IOException {
    out.text("ShardId", result.shardId());
    out.text("SequenceNumber", result.sequenceNumber());
  }

  private static Question iterator(Params in) {
    String stream = in.streamName();
    String shardId = in.text("ShardId");
    IteratorPosition position = position(in);
    return streams -> {
      String iterator = streams.shardIterator(stream, shardId, position);
      return out -> out.text("ShardIterator", iterator);
    };
  }

  private static IteratorPosition position(Params in) {
    return new IteratorPosition(
        ShardOperations.choice(
            IteratorPosition.Type.class, "shardIteratorType", in.text("ShardIteratorType")),
        in.textOrNull("StartingSequenceNumber"),
        in.timeOrNull("Timestamp"));
  }

  private static Question read(Params in) {
    String iterator = in.text("ShardIterator");
    int limit = in.integer("Limit", LocalStreams.READ_RECORDS_MAX);
    return streams -> {
      ReadResult result = streams.read(iterator, limit);
      return out -> {
        out.objects("Records", result.records(), RecordOperations::writeRecord);
        out.text("NextShardIterator", result.nextIterator());
        out.number("MillisBehindLatest", result.millisBehindLatest());
        if (!result.childShards().isEmpty()) {
          out.objects("ChildShards", result.childShards(), RecordOperations::writeChild);
        }
      };
    };
  }

  static void writeRecord(ReplyWriter out, StreamRecord record) throws IOException {
    out.text("SequenceNumber", record.sequenceNumber());
    out.time("ApproximateArrivalTimestamp", record.approximateArrival());
    out.blob("Data", record.sharedData());
    out.text("PartitionKey", record.partitionKey());
    out.text("EncryptionType", record.isEncrypted() ? "KMS" : null);
  }

  static void writeChild(ReplyWriter out, ChildShard child) throws IOException {
    out.text("ShardId", child.shardId());
    out.texts("ParentShards", child.parentShardIds());
    ShardOperations.writeRange(out, child.hashKeyRange());
  }
}
