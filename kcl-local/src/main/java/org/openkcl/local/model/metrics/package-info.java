/** What was published to CloudWatch, as plain values: no threads, no I/O, an injected clock. */
@NullMarked
package org.openkcl.local.model.metrics;

import org.jspecify.annotations.NullMarked;
