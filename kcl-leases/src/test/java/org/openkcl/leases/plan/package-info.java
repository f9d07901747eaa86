@NullMarked
package org.openkcl.leases.plan;

import org.jspecify.annotations.NullMarked;
