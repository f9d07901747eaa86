/** The entry to OpenKCL: what an application configures and starts. */
@NullMarked
package org.openkcl;

import org.jspecify.annotations.NullMarked;
