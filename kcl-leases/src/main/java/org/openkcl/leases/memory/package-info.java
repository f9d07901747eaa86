/** The lease table in memory, for simulations and tests. */
@NullMarked
package org.openkcl.leases.memory;

import org.jspecify.annotations.NullMarked;
