@NullMarked
package org.openkcl.local.faults;

import org.jspecify.annotations.NullMarked;
