/** Whole fleets in simulation. */
@NullMarked
package org.openkcl.fleet;

import org.jspecify.annotations.NullMarked;
