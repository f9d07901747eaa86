/** Single hot paths, timed by JMH. */
@NullMarked
package org.openkcl.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
