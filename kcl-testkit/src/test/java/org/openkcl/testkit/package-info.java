@NullMarked
package org.openkcl.testkit;

import org.jspecify.annotations.NullMarked;
