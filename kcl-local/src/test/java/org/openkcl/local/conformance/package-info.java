@NullMarked
package org.openkcl.local.conformance;

import org.jspecify.annotations.NullMarked;
