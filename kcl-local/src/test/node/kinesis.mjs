// Runs the AWS SDK for JavaScript v3 against kcl-local: node kinesis.mjs ENDPOINT STREAM
import assert from "node:assert/strict";
import {
  CreateStreamCommand,
  DescribeStreamConsumerCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  PutRecordsCommand,
  RegisterStreamConsumerCommand,
  SplitShardCommand,
  SubscribeToShardCommand,
} from "@aws-sdk/client-kinesis";

const [endpoint, StreamName] = process.argv.slice(2);
const kinesis = new KinesisClient({
  endpoint,
  region: "us-east-1",
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
});

await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
const { StreamDescriptionSummary: stream } = await kinesis.send(
  new DescribeStreamSummaryCommand({ StreamName }),
);
assert.equal(stream.StreamStatus, "ACTIVE");
assert.ok(Math.abs(Date.now() - stream.StreamCreationTimestamp.getTime()) < 600_000);
const { Shards: [shard] } = await kinesis.send(new ListShardsCommand({ StreamName }));

const put = await kinesis.send(
  new PutRecordsCommand({
    StreamName,
    Records: [0, 1, 2].map((i) => ({ PartitionKey: `ключ-${i}`, Data: Uint8Array.of(i, 0, 255) })),
  }),
);
assert.equal(put.FailedRecordCount, 0);

const { ShardIterator } = await kinesis.send(
  new GetShardIteratorCommand({
    StreamName,
    ShardId: shard.ShardId,
    ShardIteratorType: "TRIM_HORIZON",
  }),
);
const read = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
assert.deepEqual(read.Records.map((record) => record.PartitionKey), ["ключ-0", "ключ-1", "ключ-2"]);
assert.deepEqual([...read.Records[1].Data], [1, 0, 255]);
console.log("put and read");

const { Consumer: consumer } = await kinesis.send(
  new RegisterStreamConsumerCommand({ StreamARN: stream.StreamARN, ConsumerName: "node" }),
);
const { ConsumerDescription: described } = await kinesis.send(
  new DescribeStreamConsumerCommand({ ConsumerARN: consumer.ConsumerARN }),
);
assert.equal(described.ConsumerStatus, "ACTIVE");

const subscribe = new SubscribeToShardCommand({
  ConsumerARN: consumer.ConsumerARN,
  ShardId: shard.ShardId,
  StartingPosition: { Type: "AT_TIMESTAMP", Timestamp: stream.StreamCreationTimestamp },
});
const subscription = await kinesis.send(subscribe);
await assert.rejects(kinesis.send(subscribe), { name: "ResourceInUseException" });

const records = [];
const children = [];
for await (const { SubscribeToShardEvent: event } of subscription.EventStream) {
  records.push(...event.Records);
  children.push(...(event.ChildShards ?? []));
  if (records.length === 3 && children.length === 0) {
    assert.equal(event.MillisBehindLatest, 0);
    await kinesis.send(
      new PutRecordsCommand({
        StreamName,
        Records: [{ PartitionKey: "while subscribed", Data: Buffer.from("x") }],
      }),
    );
  }
  if (records.length === 4 && children.length === 0) {
    await kinesis.send(
      new SplitShardCommand({
        StreamName,
        ShardToSplit: shard.ShardId,
        NewStartingHashKey: (2n ** 127n).toString(),
      }),
    );
  }
}
assert.deepEqual([...records[2].Data], [2, 0, 255]);
assert.equal(records[3].PartitionKey, "while subscribed");
assert.ok(records[3].ApproximateArrivalTimestamp instanceof Date);
assert.deepEqual(children.map((child) => child.ParentShards), [[shard.ShardId], [shard.ShardId]]);
console.log("subscribed to the end of the shard");

await assert.rejects(
  kinesis.send(new DescribeStreamConsumerCommand({ StreamARN: stream.StreamARN, ConsumerName: "x" })),
  { name: "ResourceNotFoundException" },
);
kinesis.destroy();
console.log("done");
