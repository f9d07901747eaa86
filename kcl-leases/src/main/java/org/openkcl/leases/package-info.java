/**
 * The values of the lease table and the port to it. A lease says which worker reads a shard and how
 * far the application has got. The table's format is Amazon's, so both libraries can share one.
 */
@NullMarked
package org.openkcl.leases;

import org.jspecify.annotations.NullMarked;
