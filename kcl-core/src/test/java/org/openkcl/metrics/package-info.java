@NullMarked
package org.openkcl.metrics;

import org.jspecify.annotations.NullMarked;
