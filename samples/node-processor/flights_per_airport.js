'use strict';
// Counts flights per airport of origin. Run it under the daemon: see README.md.
// Each record is a line of CSV whose fourth column is the airport.

const fs = require('fs');
const path = require('path');
const kcl = require('aws-kcl');

const ledger = process.env.FLIGHTS_LEDGER;

class FlightsPerAirport {
  constructor() {
    this.flights = new Map();
  }

  initialize(input, done) {
    this.shardId = input.shardId;
    done();
  }

  processRecords(input, done) {
    const lines = input.records.map((record) => {
      const airport = Buffer.from(record.data, 'base64').toString('utf8').split(',')[3];
      this.flights.set(airport, (this.flights.get(airport) || 0) + 1);
      return `${record.sequenceNumber},${airport}\n`;
    });
    if (ledger) {
      // Before the checkpoint: what is lost then is delivered again.
      fs.appendFileSync(path.join(ledger, `${this.shardId}.csv`), lines.join(''));
    }
    const last = input.records[input.records.length - 1];
    this.checkpoint(input.checkpointer, last && last.sequenceNumber, done);
  }

  shardEnded(input, done) {
    this.checkpoint(input.checkpointer, undefined, done);
  }

  shutdownRequested(input, done) {
    this.checkpoint(input.checkpointer, undefined, done);
  }

  leaseLost(input, done) {
    done();
  }

  checkpoint(checkpointer, sequenceNumber, done) {
    const stored = (error) => {
      if (error) {
        console.error(`The checkpoint was not stored: ${error}`);
      }
      done();
    };
    if (sequenceNumber) {
      checkpointer.checkpoint(sequenceNumber, stored);
    } else {
      checkpointer.checkpoint(stored);
    }
  }
}

kcl(new FlightsPerAirport()).run();
