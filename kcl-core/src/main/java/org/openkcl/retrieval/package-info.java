/**
 * Getting records out of a shard: where to start, when to read again, how much to hold. The rules
 * are pure; {@link org.openkcl.retrieval.PollingRecordSource} acts on them on the worker's loop.
 */
@NullMarked
package org.openkcl.retrieval;

import org.jspecify.annotations.NullMarked;
