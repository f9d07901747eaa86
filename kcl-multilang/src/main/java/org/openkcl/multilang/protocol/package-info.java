/**
 * The line protocol between the daemon and its children: what is written, what is read, and what
 * follows from it. Pure: no processes, clocks or threads.
 */
@NullMarked
package org.openkcl.multilang.protocol;

import org.jspecify.annotations.NullMarked;
