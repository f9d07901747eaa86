/**
 * Kinesis Data Streams as values and rules: streams, shards, records, iterators. No HTTP, no SDK, no
 * threads; time comes from an injected clock. Start at {@link org.openkcl.local.model.LocalStreams}.
 */
@NullMarked
package org.openkcl.local.model;

import org.jspecify.annotations.NullMarked;
