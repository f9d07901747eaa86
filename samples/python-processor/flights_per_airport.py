"""Counts flights per airport of origin. Run it under the daemon: see README.md.

Each record is a line of CSV whose fourth column is the airport. The counts of a shard go to the
daemon's log whenever they are checkpointed.
"""

import logging
import os
from collections import Counter

from kcl_processor import Processor, run


class FlightsPerAirport(Processor):
    def initialize(self, shard_id, sequence_number):
        self.shard_id = shard_id
        self.flights = Counter()

    def process_records(self, records, checkpointer, millis_behind_latest):
        for record in records:
            self.flights[record.data.decode("utf-8").split(",")[3]] += 1
        self.report(records)
        checkpointer.checkpoint(records[-1])

    def report(self, records):
        """Before the checkpoint: what is lost then is delivered again."""
        ledger = os.environ.get("FLIGHTS_LEDGER")
        if ledger:
            with open(os.path.join(ledger, self.shard_id + ".csv"), "a") as file:
                file.writelines(
                    f"{record.sequence_number},{record.data.decode('utf-8').split(',')[3]}\n"
                    for record in records
                )
        airport, count = self.flights.most_common(1)[0]
        total = sum(self.flights.values())
        logging.info("%d flights, most from %s: %d", total, airport, count)


if __name__ == "__main__":
    run(FlightsPerAirport)
