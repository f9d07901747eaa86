/** A worker's health over HTTP. */
@NullMarked
package org.openkcl.health;

import org.jspecify.annotations.NullMarked;
