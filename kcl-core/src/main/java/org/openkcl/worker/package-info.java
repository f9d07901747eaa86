/**
 * One worker at work: the shell around the pure decisions of {@code lineage} and {@code shard}. All
 * of it lives on the worker's event loop; only {@link org.openkcl.worker.UserCalls} leaves it.
 */
@NullMarked
package org.openkcl.worker;

import org.jspecify.annotations.NullMarked;
