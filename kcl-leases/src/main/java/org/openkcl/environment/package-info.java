/** The only door to time, chance, ids and threads; everything else in OpenKCL is given them. */
@NullMarked
package org.openkcl.environment;

import org.jspecify.annotations.NullMarked;
