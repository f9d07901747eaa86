@NullMarked
package org.openkcl.local.store;

import org.jspecify.annotations.NullMarked;
