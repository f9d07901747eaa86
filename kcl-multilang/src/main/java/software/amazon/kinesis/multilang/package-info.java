/** The main class that existing launchers name. */
@NullMarked
package software.amazon.kinesis.multilang;

import org.jspecify.annotations.NullMarked;
