/** Decides which worker should read which shard. Pure: no clocks, no I/O, no logging. */
@NullMarked
package org.openkcl.leases.plan;

import org.jspecify.annotations.NullMarked;
