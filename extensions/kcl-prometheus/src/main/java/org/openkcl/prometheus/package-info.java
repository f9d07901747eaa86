/** A worker's metrics for Prometheus. */
@NullMarked
package org.openkcl.prometheus;

import org.jspecify.annotations.NullMarked;
