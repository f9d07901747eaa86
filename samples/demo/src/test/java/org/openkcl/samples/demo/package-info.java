@NullMarked
package org.openkcl.samples.demo;

import org.jspecify.annotations.NullMarked;
