/** The life of one shard on one worker, as pure decisions: states, events, effects. */
@NullMarked
package org.openkcl.shard;

import org.jspecify.annotations.NullMarked;
