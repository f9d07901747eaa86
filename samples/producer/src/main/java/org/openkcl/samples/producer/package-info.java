/** A complete producer for Kinesis Data Streams, to copy from and for the demo and tests. */
@NullMarked
package org.openkcl.samples.producer;

import org.jspecify.annotations.NullMarked;
