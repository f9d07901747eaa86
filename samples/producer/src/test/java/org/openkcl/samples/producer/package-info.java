@NullMarked
package org.openkcl.samples.producer;

import org.jspecify.annotations.NullMarked;
