/** What happens to records between the service's answer and the processor. */
@NullMarked
package org.openkcl.records;

import org.jspecify.annotations.NullMarked;
