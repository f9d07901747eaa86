@NullMarked
package org.openkcl.records;

import org.jspecify.annotations.NullMarked;
