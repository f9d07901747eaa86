/** The daemon's configuration: properties files as Amazon's daemon reads them, checked. */
@NullMarked
package org.openkcl.multilang.config;

import org.jspecify.annotations.NullMarked;
