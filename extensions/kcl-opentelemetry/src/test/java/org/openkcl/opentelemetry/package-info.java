@NullMarked
package org.openkcl.opentelemetry;

import org.jspecify.annotations.NullMarked;
