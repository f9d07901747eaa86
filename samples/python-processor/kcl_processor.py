"""The child's side of the daemon's line protocol, in the standard library alone.

Derive from Processor, and end your program with run(YourProcessor). The daemon starts such a
program for every shard, or, if its properties say sharedChildren = 1, one program for all shards:
then there is a processor and a thread for each shard, and one that raises is begun again alone.

Messages go over standard input and output: print to standard error only, or better use logging.
"""

import base64
import json
import logging
import os
import queue
import sys
import threading
import traceback


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

    def __init__(self, conversation):
        self._conversation = conversation

    def checkpoint(self, record=None):
        """Stores a record as processed, or everything that was delivered. Raises CheckpointError."""
        request = {"action": "checkpoint", "sequenceNumber": None, "subSequenceNumber": None}
        if record is not None:
            request["sequenceNumber"] = record.sequence_number
            request["subSequenceNumber"] = record.sub_sequence_number
        self._conversation.write(request)
        reply = self._conversation.read()
        if reply is None or reply.get("action") != "checkpoint":
            raise CheckpointError("InvalidStateException")
        if reply.get("error"):
            raise CheckpointError(reply["error"])


class Processor:
    """What happens to the records of one shard. Override what you need."""

    def initialize(self, shard_id, sequence_number):
        """Before the first records."""

    def process_records(self, records, checkpointer, millis_behind_latest):
        """A batch. If it raises, the shard begins again from its checkpoint."""
        raise NotImplementedError

    def shard_ended(self, checkpointer):
        """After the last record of a shard that was split or merged. Has to checkpoint."""
        checkpointer.checkpoint()

    def shutdown_requested(self, checkpointer):
        """The shard is about to be handed over."""
        checkpointer.checkpoint()

    def lease_lost(self):
        """The shard is somebody else's; nothing can be checkpointed any more."""


class _Pipe:
    """Standard input and output as messages. Any thread may write, one reads."""

    def __init__(self, source, sink):
        self._source = source
        self._sink = sink
        self._writing = threading.Lock()

    def read(self):
        for line in self._source:
            if line.strip():
                return json.loads(line)
        return None

    def write(self, message):
        text = "\n" + json.dumps(message) + "\n"
        with self._writing:
            self._sink.write(text)
            self._sink.flush()


class _SharedConversation:
    """The messages of one shard among those of others."""

    def __init__(self, pipe, shard_id):
        self._pipe = pipe
        self._shard_id = shard_id
        self.messages = queue.SimpleQueue()
        self.is_over = False

    def read(self):
        return self.messages.get()

    def write(self, message):
        self._pipe.write(dict(message, shardId=self._shard_id))


class _LogHandler(logging.Handler):
    """Log records as log lines of the daemon, with level and shard."""

    _LEVELS = ((logging.ERROR, "error"), (logging.WARNING, "warn"), (logging.INFO, "info"))

    def __init__(self, pipe, shard_of_thread):
        super().__init__()
        self._pipe = pipe
        self._shard_of_thread = shard_of_thread

    def emit(self, record):
        level = next((name for least, name in self._LEVELS if record.levelno >= least), "debug")
        line = {"action": "log", "level": level, "message": self.format(record)}
        shard_id = getattr(self._shard_of_thread, "shard_id", None)
        if shard_id is not None:
            line["shardId"] = shard_id
        self._pipe.write(line)


def _handle(processor, checkpointer, message):
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


class _Child:
    """This program as the daemon sees it."""

    def __init__(self, factory, pipe):
        self._factory = factory
        self._pipe = pipe
        self._taken_up = []
        self._shards = {}
        self._shard_of_thread = threading.local()

    def serve(self):
        message = self._pipe.read()
        if message is None:
            return
        self._take_up(message.get("extensions") or [])
        if "shards" in self._taken_up:
            while message is not None:
                self._dispatch(message)
                message = self._pipe.read()
        else:
            self._serve_one(message)

    def _take_up(self, offered):
        self._taken_up = [name for name in ("shards", "log") if name in offered]
        if "log" in self._taken_up:
            handler = _LogHandler(self._pipe, self._shard_of_thread)
            logging.basicConfig(handlers=[handler], level=logging.INFO, format="%(message)s")
        else:
            logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")

    def _answer(self, message, **more):
        answer = {"action": "status", "responseFor": message["action"]}
        if message["action"] == "initialize" and self._taken_up:
            answer["extensions"] = self._taken_up
        return dict(answer, **more)

    def _serve_one(self, message):
        processor = self._factory()
        checkpointer = Checkpointer(self._pipe)
        while message is not None:
            _handle(processor, checkpointer, message)
            self._pipe.write(self._answer(message))
            message = self._pipe.read()

    def _dispatch(self, message):
        """Gives a message to its shard, which has a thread from initialize on."""
        shard_id = message["shardId"]
        if message["action"] == "initialize":
            conversation = _SharedConversation(self._pipe, shard_id)
            self._shards = {name: at for name, at in self._shards.items() if not at.is_over}
            self._shards[shard_id] = conversation
            thread = threading.Thread(
                target=self._serve_shard, args=(shard_id, conversation), name=shard_id, daemon=True
            )
            thread.start()
        self._shards[shard_id].messages.put(message)

    def _serve_shard(self, shard_id, conversation):
        self._shard_of_thread.shard_id = shard_id
        action = None
        try:
            processor = self._factory()
            checkpointer = Checkpointer(conversation)
            while action not in ("leaseLost", "shardEnded"):
                message = conversation.read()
                action = message["action"]
                try:
                    _handle(processor, checkpointer, message)
                except Exception as problem:
                    logging.exception("The shard is given up in %s", action)
                    error = f"{type(problem).__name__}: {problem}"
                    conversation.write(self._answer(message, error=error))
                    break
                conversation.write(self._answer(message))
            conversation.is_over = True
        except BaseException:  # without its thread a shard would wait for ever
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)


def run(factory, source=None, sink=None):
    """Serves the daemon until it closes standard input. factory makes a processor for a shard: the
    class itself, or a function."""
    _Child(factory, _Pipe(source or sys.stdin, sink or sys.stdout)).serve()
