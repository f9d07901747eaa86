@NullMarked
package org.openkcl.kinesis;

import org.jspecify.annotations.NullMarked;
