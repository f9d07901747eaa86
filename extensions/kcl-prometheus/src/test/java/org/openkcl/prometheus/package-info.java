@NullMarked
package org.openkcl.prometheus;

import org.jspecify.annotations.NullMarked;
