@NullMarked
package org.openkcl.retrieval;

import org.jspecify.annotations.NullMarked;
