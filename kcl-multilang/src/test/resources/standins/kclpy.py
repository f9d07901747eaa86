"""A strict stand-in for a child on Amazon's amazon_kclpy 3.1.3, of the standard library only.

It insists on what that package insists on: every JSON object, nested ones too, has a known action
and the members that the package reads, with values that it can use; no empty lines. Beyond that it
insists on the messages being those of Amazon's daemon, member by member, in their order and types;
with the argument "as-the-package" it ignores members that it does not know, as the package does.
What it writes is what the package writes.
"""

import base64
import datetime
import json
import sys
import traceback

import flights

IGNORES_MORE = "as-the-package" in sys.argv
NUMBER = (int,)
TEXT = (str,)
NOTHING = (type(None),)

MEMBERS = {
    "initialize": {
        "shardId": TEXT,
        "sequenceNumber": TEXT + NOTHING,
        "subSequenceNumber": NUMBER + NOTHING,
    },
    "processRecords": {"records": (list,), "millisBehindLatest": NUMBER + NOTHING},
    "record": {
        "data": TEXT,
        "partitionKey": TEXT,
        "sequenceNumber": TEXT,
        "approximateArrivalTimestamp": NUMBER,
        "subSequenceNumber": NUMBER,
    },
    "checkpoint": {
        "sequenceNumber": TEXT + NOTHING,
        "subSequenceNumber": NUMBER + NOTHING,
        "error": TEXT + NOTHING,
    },
    "leaseLost": {},
    "shardEnded": {},
    "shutdownRequested": {},
}


class MalformedAction(Exception):
    pass


class CheckpointError(Exception):
    pass


def unpack(pairs):
    """One JSON object, nested or not."""
    message = dict(pairs)
    action = message.get("action")
    if action not in MEMBERS:
        raise MalformedAction("no such action: %r" % (pairs,))
    members = MEMBERS[action]
    names = [name for name, value in pairs if name != "action"]
    if IGNORES_MORE:
        names = [name for name in names if name in members]
    if names != list(members) or len(message) != len(pairs):
        raise MalformedAction("members of %s must be %r: got %r" % (action, list(members), names))
    if action != "record" and pairs[0][0] != "action":
        raise MalformedAction("action must come first: got %r" % (pairs,))
    for name, types in members.items():
        value = message[name]
        if type(value) not in types:
            raise MalformedAction("%s of %s must not be %r" % (name, action, value))
    if action == "record":
        datetime.datetime.fromtimestamp(int(message["approximateArrivalTimestamp"]) / 1000.0)
        message["binary_data"] = base64.b64decode(message["data"], validate=True)
    if action == "processRecords":
        for record in message["records"]:
            if not isinstance(record, dict) or record["action"] != "record":
                raise MalformedAction("records must be records: got %r" % (record,))
    return message


class Process:
    def __init__(self, application):
        self.application = application

    def read(self):
        """The next message; None at the end of the input. An empty line is no JSON."""
        line = sys.stdin.readline()
        return json.loads(line, object_pairs_hook=unpack) if line else None

    def write(self, message):
        sys.stdout.write("\n" + json.dumps(message) + "\n")
        sys.stdout.flush()

    def checkpoint(self, sequence_number=None, sub_sequence_number=None):
        self.write(
            {
                "action": "checkpoint",
                "sequenceNumber": sequence_number,
                "subSequenceNumber": sub_sequence_number,
            }
        )
        reply = self.read()
        if reply is None or reply["action"] != "checkpoint":
            raise CheckpointError("InvalidStateException")
        if reply["error"] is not None:
            raise CheckpointError(reply["error"])
        if (reply["sequenceNumber"], reply["subSequenceNumber"]) != (
            sequence_number,
            sub_sequence_number,
        ):
            raise MalformedAction("the reply answers another checkpoint: %r" % (reply,))

    def process_records(self, records):
        self.application.count(
            (record["sequenceNumber"], record["binary_data"]) for record in records
        )
        if records:
            last = records[-1]
            # In turns with both numbers, with one, and with none: the package has all three.
            forms = [
                (last["sequenceNumber"], last["subSequenceNumber"]),
                (last["sequenceNumber"],),
                (),
            ]
            numbers = forms[self.application.batches % len(forms)]
            flights.stored(lambda: self.checkpoint(*numbers), CheckpointError)

    def perform(self, message):
        action = message["action"]
        if action == "initialize":
            self.application.initialize(message["shardId"])
        elif action == "processRecords":
            self.process_records(message["records"])
        elif action in ("shardEnded", "shutdownRequested"):
            flights.stored(self.checkpoint, CheckpointError)
        elif action != "leaseLost":
            raise MalformedAction("nothing is done for %s" % action)

    def run(self):
        message = self.read()
        while message is not None:
            try:
                self.perform(message)
            except MalformedAction:
                raise
            except Exception:  # the application's: told, and answered as if all were well
                traceback.print_exc()
            self.write({"action": "status", "responseFor": message["action"]})
            message = self.read()


Process(flights.Flights()).run()
