/** CloudWatch: the adapter of {@link org.openkcl.metrics.MetricIntake}. */
@NullMarked
package org.openkcl.cloudwatch;

import org.jspecify.annotations.NullMarked;
