@NullMarked
package org.openkcl.samples.quickstart;

import org.jspecify.annotations.NullMarked;
