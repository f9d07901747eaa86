/** Amazon's library as processes of its own: started, stopped, and heard. */
@NullMarked
package org.openkcl.fleet.peer;

import org.jspecify.annotations.NullMarked;
