/** A worker of OpenKCL to be measured. */
@NullMarked
package org.openkcl.benchmarks.worker;

import org.jspecify.annotations.NullMarked;
