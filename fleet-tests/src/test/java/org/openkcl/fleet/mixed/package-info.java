/** Fleets of real processes: workers of OpenKCL and of Amazon's library on one lease table. */
@NullMarked
package org.openkcl.fleet.mixed;

import org.jspecify.annotations.NullMarked;
