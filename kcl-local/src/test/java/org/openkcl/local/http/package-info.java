@NullMarked
package org.openkcl.local.http;

import org.jspecify.annotations.NullMarked;
