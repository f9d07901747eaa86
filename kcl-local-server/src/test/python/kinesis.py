# Runs boto3 against kcl-local: python3 kinesis.py EXPRESSION STREAM
# The expression is a client as ./kcl local prints it. SubscribeToShard goes over HTTP/1.1 here.
import datetime
import sys

import boto3

expression, stream = sys.argv[1:]
kinesis = eval(expression, {"boto3": boto3})
shard = "shardId-000000000000"

kinesis.create_stream(StreamName=stream, ShardCount=1)
kinesis.get_waiter("stream_exists").wait(StreamName=stream)
kinesis.put_record(StreamName=stream, PartitionKey="ключ", Data=b"\x00\xff")
iterator = kinesis.get_shard_iterator(
    StreamName=stream, ShardId=shard, ShardIteratorType="TRIM_HORIZON"
)["ShardIterator"]
(record,) = kinesis.get_records(ShardIterator=iterator)["Records"]
assert record["PartitionKey"] == "ключ", record
assert record["Data"] == b"\x00\xff", record
print("put and read")

arn = kinesis.describe_stream_summary(StreamName=stream)["StreamDescriptionSummary"]["StreamARN"]
consumer = kinesis.register_stream_consumer(StreamARN=arn, ConsumerName="python")["Consumer"]
subscription = kinesis.subscribe_to_shard(
    ConsumerARN=consumer["ConsumerARN"],
    ShardId=shard,
    StartingPosition={
        "Type": "AT_TIMESTAMP",
        "Timestamp": datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc),
    },
)
kinesis.put_record(StreamName=stream, PartitionKey="while subscribed", Data=b"x")
keys, children = [], []
for message in subscription["EventStream"]:
    event = message["SubscribeToShardEvent"]
    keys += [pushed["PartitionKey"] for pushed in event["Records"]]
    children += [child["ShardId"] for child in event.get("ChildShards", [])]
    if len(keys) == 2 and event["Records"]:
        kinesis.split_shard(StreamName=stream, ShardToSplit=shard, NewStartingHashKey="10")
assert keys == ["ключ", "while subscribed"], keys
assert children == ["shardId-000000000001", "shardId-000000000002"], children
print("subscribed to the end of the shard")

try:
    kinesis.describe_stream(StreamName="none")
    raise AssertionError("described a stream that there is not")
except kinesis.exceptions.ResourceNotFoundException:
    print("done with boto3", boto3.__version__)
