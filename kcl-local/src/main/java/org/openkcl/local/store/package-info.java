/**
 * Streams in a folder: a log of images of everything but records, and of records, in segments.
 *
 * <p>A change is in the log before it is acknowledged. The log is replayed when the folder is opened;
 * segments whose records have all expired are deleted.
 */
@NullMarked
package org.openkcl.local.store;

import org.jspecify.annotations.NullMarked;
