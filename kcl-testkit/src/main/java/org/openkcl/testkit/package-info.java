/**
 * Whole fleets of production workers on virtual time, and the rules they must keep. Begin at {@link
 * org.openkcl.testkit.Fleet}.
 */
@NullMarked
package org.openkcl.testkit;

import org.jspecify.annotations.NullMarked;
