@NullMarked
package org.openkcl.cloudwatch;

import org.jspecify.annotations.NullMarked;
