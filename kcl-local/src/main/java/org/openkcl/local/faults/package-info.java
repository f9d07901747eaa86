/**
 * Faults on command: what is to go wrong, for which calls, how often. Pure and public; {@code
 * LocalCloud.faults()} is the way in.
 */
@NullMarked
package org.openkcl.local.faults;

import org.jspecify.annotations.NullMarked;
