/**
 * What a worker measures, and where it goes: settings, values, and the port to whoever takes them.
 */
@NullMarked
package org.openkcl.metrics;

import org.jspecify.annotations.NullMarked;
