// Writes aggregates and what is in them, one line each, fields separated by tabs, text in base64:
//   aggregate  NAME  BYTES
//   record     PARTITION_KEY  EXPLICIT_HASH_KEY or -  BYTES        (of the aggregate above it)
//
// Keys that look like array indexes ("0", "17") are avoided: the library keeps its tables in objects,
// whose keys JavaScript then sorts, so that its indexes would refer to the wrong keys.
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import kinesisAggregation from 'aws-kinesis-agg';

const { RecordAggregator } = kinesisAggregation;
const target = new URL('../resources/org/openkcl/records/aggregates.tsv', import.meta.url);
const lines = [];

function base64(value) {
  return Buffer.from(value).toString('base64');
}

/** Bytes without a pattern, the same each time. */
function noise(seed, length) {
  const parts = [];
  for (let n = 0; n * 64 < length; n++) {
    parts.push(createHash('sha512').update(`${seed}/${n}`).digest());
  }
  return Buffer.concat([...parts, Buffer.alloc(0)]).subarray(0, length);
}

function aggregate(name, records) {
  const aggregator = new RecordAggregator();
  records.forEach((record) => aggregator.addUserRecord({ ...record }));
  lines.push(['aggregate', name, base64(aggregator.build().data)]);
  for (const { partitionKey, explicitHashKey, data } of records) {
    lines.push(['record', base64(partitionKey), explicitHashKey ?? '-', base64(data)]);
  }
}

function many(count, record) {
  return Array.from({ length: count }, (unused, n) => record(n));
}

const HIGH = '340282366920938463463374607431768211455';
const MIDDLE = '170141183460469231731687303715884105728';

aggregate('one record', [{ partitionKey: 'order-a', data: Buffer.from('hello') }]);
aggregate('several records of one key', many(5, (n) => ({
  partitionKey: 'order-a', data: Buffer.from(`payload ${n}`),
})));
aggregate('keys that recur', many(12, (n) => ({
  partitionKey: `order-${'abc'[n % 3]}`, data: noise(`recur${n}`, n * 7 + 1),
})));
aggregate('explicit hash keys', many(6, (n) => ({
  partitionKey: `order-${n}`, explicitHashKey: n % 2 ? HIGH : MIDDLE, data: noise(`explicit${n}`, 20),
})));
aggregate('with and without explicit hash keys', many(6, (n) => ({
  partitionKey: `order-${n}`, ...(n % 3 ? {} : { explicitHashKey: HIGH }), data: noise(`both${n}`, 9),
})));
aggregate('empty payloads', many(3, (n) => ({ partitionKey: `order-${n}`, data: Buffer.alloc(0) })));
aggregate('text beyond ASCII', [
  { partitionKey: 'zażółć-gęślą', data: Buffer.from('jaźń', 'utf8') },
  { partitionKey: '注文-🛒', data: Buffer.from('🛒'.repeat(40), 'utf8') },
]);
aggregate('payloads of every byte', [
  { partitionKey: 'order-a', data: Buffer.from(Array.from({ length: 256 }, (unused, n) => n)) },
  { partitionKey: 'order-b', data: Buffer.from([0xf3, 0x89, 0x9a, 0xc2]) },
]);
aggregate('three hundred keys', many(300, (n) => ({
  partitionKey: `order-${n}`, data: noise(`keys${n}`, 12),
})));
aggregate('payloads of 127, 128, 16,383 and 16,384 bytes', [127, 128, 16_383, 16_384].map((length) => ({
  partitionKey: `order-${length}-bytes`, data: noise(`length${length}`, length),
})));

writeFileSync(target, lines.map((line) => line.join('\t')).join('\n') + '\n');
console.log(`${lines.length} lines`);
