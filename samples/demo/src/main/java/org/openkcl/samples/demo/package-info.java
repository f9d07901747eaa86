/**
 * The demo: a stream inside this JVM, a producer, three workers in JVMs of their own that come, stop
 * and are killed, and a proof that every record was processed in order.
 */
@NullMarked
package org.openkcl.samples.demo;

import org.jspecify.annotations.NullMarked;
