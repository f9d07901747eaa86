@NullMarked
package org.openkcl.worker;

import org.jspecify.annotations.NullMarked;
