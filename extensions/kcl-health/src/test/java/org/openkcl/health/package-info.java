@NullMarked
package org.openkcl.health;

import org.jspecify.annotations.NullMarked;
