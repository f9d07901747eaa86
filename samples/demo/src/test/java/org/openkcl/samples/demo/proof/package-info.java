@NullMarked
package org.openkcl.samples.demo.proof;

import org.jspecify.annotations.NullMarked;
