"""A child for tests of the conformance tester: keeps to the protocol, but for the rule sys.argv[1]."""

import json
import sys
import time

kind = sys.argv[1]
shared = False
shard_of_first = None
known = set()


def read():
    for line in sys.stdin:
        return json.loads(line)
    return None


def write(message, shard):
    if shared and kind != "anonymous":
        message["shardId"] = shard
    print("\n" + json.dumps(message), flush=True)


def checkpoint(number, shard):
    write({"action": "checkpoint", "sequenceNumber": number}, shard)


def store(records, shard):
    """Asks for a checkpoint of the last record, as the kind has it."""
    number = "17" if kind == "foreign" else records[-1]["sequenceNumber"]
    later = []
    while True:
        checkpoint(number, shard)
        if kind == "hasty":
            checkpoint(number, shard)
            read()
        reply = read()
        while reply is not None and reply["action"] != "checkpoint":
            later.append(reply)  # another shard's message: it has to wait
            reply = read()
        refused = reply is not None and reply["error"]
        if refused and kind == "diesRefused" and shared:
            sys.exit(1)
        if not (refused and kind == "stubborn"):
            return later


def handle(message):
    global shared, shard_of_first
    action = message["action"]
    shard = message.get("shardId", shard_of_first)
    answer = {"action": "status", "responseFor": action}
    later = []
    if action == "initialize":
        shard_of_first = shard_of_first or shard
        if kind == "silent":
            return later
        if kind == "strict" and "later" in message:
            sys.exit(1)
        if kind == "forgets" and shared and shard in known:
            sys.exit(1)
        known.add(shard)
        if kind != "classic" and "shards" in message.get("extensions", []):
            shared = True
            answer["extensions"] = ["shards", "log"]
        if kind == "eager":
            answer["extensions"] = ["shards"]
    elif action == "processRecords":
        if kind == "prints":
            print("hello", flush=True)
        if kind == "logs" or (shared and kind == "good"):
            write({"action": "log", "level": "info", "message": "a batch"}, shard)
        later = store(message["records"], shard)
        if kind == "wrong":
            answer["responseFor"] = "initialize"
        if kind == "mixes" and shared:
            shard = "shardId-000000000077"
    elif (action == "leaseLost" and kind == "loses") or (
        action == "shardEnded" and kind == "unending"
    ):
        return later
    write(answer, shard)
    if action == "initialize" and kind == "unasked":
        write({"action": "status", "responseFor": "processRecords"}, shard)
    if action == "shardEnded" and kind == "ends" and shared:
        sys.exit(0)
    return later


message = read()
while message is not None:
    waiting = [message]
    while waiting:
        waiting += handle(waiting.pop(0))
    message = read()
if kind == "survives" or (kind == "sharedStays" and shared):
    time.sleep(600)
