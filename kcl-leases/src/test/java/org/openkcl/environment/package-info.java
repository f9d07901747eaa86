@NullMarked
package org.openkcl.environment;

import org.jspecify.annotations.NullMarked;
