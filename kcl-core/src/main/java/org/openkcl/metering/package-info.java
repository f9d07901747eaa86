/**
 * What a worker measures: hands values to the statistics that are published, and to the
 * application's registry. Decides nothing.
 */
@NullMarked
package org.openkcl.metering;

import org.jspecify.annotations.NullMarked;
