@NullMarked
package org.openkcl.local.server;

import org.jspecify.annotations.NullMarked;
