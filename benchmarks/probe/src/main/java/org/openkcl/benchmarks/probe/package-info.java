/** What all measured worker processes share, whichever library they run: options, reports, processor logic. */
@NullMarked
package org.openkcl.benchmarks.probe;

import org.jspecify.annotations.NullMarked;
