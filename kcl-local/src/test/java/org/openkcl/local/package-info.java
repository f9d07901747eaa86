@NullMarked
package org.openkcl.local;

import org.jspecify.annotations.NullMarked;
