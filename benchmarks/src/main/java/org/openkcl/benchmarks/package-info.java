/** Timed scenarios: workers in JVMs of their own on a local service, watched from outside. */
@NullMarked
package org.openkcl.benchmarks;

import org.jspecify.annotations.NullMarked;
