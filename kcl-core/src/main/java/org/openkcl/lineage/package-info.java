/**
 * Which shards a stream has, how they descend from each other, and which leases follow from that.
 * The rules are functions of values: no AWS client, thread, clock or logger in this package.
 */
@NullMarked
package org.openkcl.lineage;

import org.jspecify.annotations.NullMarked;
