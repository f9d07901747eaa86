@NullMarked
package org.openkcl.metrics.publish;

import org.jspecify.annotations.NullMarked;
