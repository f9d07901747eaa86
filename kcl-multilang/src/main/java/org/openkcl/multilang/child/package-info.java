/** Child processes: starting, talking to, watching and ending them. */
@NullMarked
package org.openkcl.multilang.child;

import org.jspecify.annotations.NullMarked;
