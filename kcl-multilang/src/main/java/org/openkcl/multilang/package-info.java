/** The daemon that runs processors written in other languages. */
@NullMarked
package org.openkcl.multilang;

import org.jspecify.annotations.NullMarked;
