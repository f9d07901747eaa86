"""The application of the stand-ins: counts flights per airport, as the samples do.

Each record is a line of CSV whose fourth column is the airport. Before a checkpoint the numbers of
the records and their airports go into the folder FLIGHTS_LEDGER, if there is one.
"""

import os


class Flights:
    def __init__(self):
        self.shard_id = None
        self.batches = 0

    def initialize(self, shard_id):
        self.shard_id = shard_id

    def count(self, records):
        """Takes pairs of sequence number and data."""
        self.batches += 1
        folder = os.environ.get("FLIGHTS_LEDGER")
        if folder is None:
            return
        with open(os.path.join(folder, self.shard_id + ".csv"), "a", encoding="utf-8") as ledger:
            for sequence_number, data in records:
                ledger.write(sequence_number + "," + data.decode("utf-8").split(",")[3] + "\n")


def stored(checkpoint, error_type):
    """Stores a checkpoint, a second time if the table is too busy, as Amazon's samples do."""
    try:
        checkpoint()
    except error_type as refused:
        if str(refused) != "ThrottlingException":
            raise
        checkpoint()
