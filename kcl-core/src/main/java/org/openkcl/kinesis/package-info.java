/**
 * Kinesis behind the ports of the core: the only package that knows its client. Requests are
 * asynchronous, failures are {@link org.openkcl.lineage.StreamFailure}s that say what to do.
 */
@NullMarked
package org.openkcl.kinesis;

import org.jspecify.annotations.NullMarked;
