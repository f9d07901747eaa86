/** From a worker's statistics to whoever takes them, without ever holding the worker up. */
@NullMarked
package org.openkcl.metrics.publish;

import org.jspecify.annotations.NullMarked;
