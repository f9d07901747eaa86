@NullMarked
package org.openkcl.leases.fleet;

import org.jspecify.annotations.NullMarked;
