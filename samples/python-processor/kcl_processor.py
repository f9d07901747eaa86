"""The child's side of the daemon's line protocol, in the standard library alone.

Derive from Processor, and end your program with run(YourProcessor()). The daemon starts one such
program per shard and talks to it over standard input and output: print to standard error only.
"""

import base64
import json
import sys


class CheckpointError(Exception):
    """A checkpoint was not stored; str() is the name of the reason, as Java has it."""

    @property
    def can_be_tried_again(self):
        return str(self) in ("ThrottlingException", "KinesisClientLibDependencyException")


class Record:
    """One record: partition_key, data (bytes), sequence_number and sub_sequence_number (text and
    int), and arrival in milliseconds since 1970."""

    def __init__(self, members):
        self.partition_key = members["partitionKey"]
        self.data = base64.b64decode(members["data"])
        self.sequence_number = members["sequenceNumber"]
        self.sub_sequence_number = members["subSequenceNumber"]
        self.arrival = members["approximateArrivalTimestamp"]


class Checkpointer:
    """Stores how far the shard is processed."""

    def __init__(self, channel):
        self._channel = channel

    def checkpoint(self, record=None):
        """Stores a record as processed, or everything that was delivered. Raises CheckpointError."""
        request = {"action": "checkpoint", "sequenceNumber": None, "subSequenceNumber": None}
        if record is not None:
            request["sequenceNumber"] = record.sequence_number
            request["subSequenceNumber"] = record.sub_sequence_number
        self._channel.write(request)
        reply = self._channel.read()
        if reply is None or reply.get("action") != "checkpoint":
            raise CheckpointError("InvalidStateException")
        if reply.get("error"):
            raise CheckpointError(reply["error"])


class Processor:
    """What happens to the records of one shard. Override what you need."""

    def initialize(self, shard_id, sequence_number):
        """Before the first records."""

    def process_records(self, records, checkpointer, millis_behind_latest):
        """A batch. If it raises, the program ends and the shard begins again from its checkpoint."""
        raise NotImplementedError

    def shard_ended(self, checkpointer):
        """After the last record of a shard that was split or merged. Has to checkpoint."""
        checkpointer.checkpoint()

    def shutdown_requested(self, checkpointer):
        """The shard is about to be handed over."""
        checkpointer.checkpoint()

    def lease_lost(self):
        """The shard is somebody else's; nothing can be checkpointed any more."""


class _Channel:
    def __init__(self, source, sink):
        self._source = source
        self._sink = sink

    def read(self):
        for line in self._source:
            if line.strip():
                return json.loads(line)
        return None

    def write(self, message):
        self._sink.write("\n" + json.dumps(message) + "\n")
        self._sink.flush()


def run(processor, source=None, sink=None):
    """Serves the daemon until it closes standard input."""
    channel = _Channel(source or sys.stdin, sink or sys.stdout)
    checkpointer = Checkpointer(channel)
    message = channel.read()
    while message is not None:
        action = message["action"]
        if action == "initialize":
            processor.initialize(message["shardId"], message["sequenceNumber"])
        elif action == "processRecords":
            records = [Record(members) for members in message["records"]]
            processor.process_records(records, checkpointer, message["millisBehindLatest"])
        elif action == "shardEnded":
            processor.shard_ended(checkpointer)
        elif action == "shutdownRequested":
            processor.shutdown_requested(checkpointer)
        elif action == "leaseLost":
            processor.lease_lost()
        channel.write({"action": "status", "responseFor": action})
        message = channel.read()
