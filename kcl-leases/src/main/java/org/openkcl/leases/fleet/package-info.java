/**
 * One worker's part in the fleet: it watches the table, claims free leases, keeps its own alive,
 * hands them over, and leaves. All of it lives on the worker's event loop.
 */
@NullMarked
package org.openkcl.leases.fleet;

import org.jspecify.annotations.NullMarked;
