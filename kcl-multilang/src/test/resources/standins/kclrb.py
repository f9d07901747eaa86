"""A strict stand-in for a child on Amazon's aws-kclrb, in Python since Ruby may not be there.

It insists on what that gem insists on, and ends where the gem raises MalformedAction: an unknown
action, a member that it fetches and that is missing. Blank lines are skipped. Beyond that it insists
on what Ruby programs do with records: data that decodes, numbers as text. What it writes is what
the gem writes: a checkpoint has no subSequenceNumber.
"""

import base64
import json
import sys
import traceback

import flights

FETCHED = {
    "initialize": ("shardId", "sequenceNumber"),
    "processRecords": ("records", "millisBehindLatest"),
    "leaseLost": (),
    "shardEnded": (),
    "shutdownRequested": (),
}


class MalformedAction(Exception):
    pass


class CheckpointError(Exception):
    pass


def fetch(message, name):
    if name not in message:
        raise MalformedAction("key not found: %s in %r" % (name, message))
    return message[name]


def read():
    """The next message; None at the end of the input."""
    for line in iter(sys.stdin.readline, ""):
        if line.strip():
            message = json.loads(line)
            if not isinstance(message, dict):
                raise MalformedAction("not an object: %r" % (message,))
            fetch(message, "action")
            return message
    return None


def write(message):
    sys.stdout.write("\n" + json.dumps(message) + "\n")
    sys.stdout.flush()


def checkpoint(sequence_number=None):
    write({"action": "checkpoint", "sequenceNumber": sequence_number})
    reply = read()
    if reply is None or reply["action"] != "checkpoint":
        raise CheckpointError("InvalidStateException")
    if reply.get("error"):
        raise CheckpointError(reply["error"])


def decoded(record):
    number = record["sequenceNumber"]
    if not isinstance(number, str) or not number.isdigit():
        raise MalformedAction("sequenceNumber must be digits: got %r" % (number,))
    if not isinstance(record["partitionKey"], str):
        raise MalformedAction("partitionKey must be a text: got %r" % (record,))
    return number, base64.b64decode(record["data"], validate=True)


def perform(application, message):
    action = message["action"]
    for name in FETCHED[action]:
        fetch(message, name)
    if action == "initialize":
        application.initialize(message["shardId"])
    elif action == "processRecords":
        records = [decoded(record) for record in message["records"]]
        application.count(records)
        if records:
            # In turns with a number and with none.
            numbers = (records[-1][0],) if application.batches % 2 else ()
            flights.stored(lambda: checkpoint(*numbers), CheckpointError)
    elif action in ("shardEnded", "shutdownRequested"):
        flights.stored(checkpoint, CheckpointError)


def run(application):
    message = read()
    while message is not None:
        if message["action"] not in FETCHED:
            raise MalformedAction("no such action: %s" % message["action"])
        try:
            perform(application, message)
        except MalformedAction:
            raise
        except Exception:  # the application's: told, and answered as if all were well
            traceback.print_exc()
        write({"action": "status", "responseFor": message["action"]})
        message = read()


run(flights.Flights())
