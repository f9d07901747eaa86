/** kcl-local as a program. */
@NullMarked
package org.openkcl.local.server;

import org.jspecify.annotations.NullMarked;
