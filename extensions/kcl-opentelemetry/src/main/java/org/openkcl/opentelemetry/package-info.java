/** A worker's metrics for OpenTelemetry. */
@NullMarked
package org.openkcl.opentelemetry;

import org.jspecify.annotations.NullMarked;
