@NullMarked
package org.openkcl.local.model;

import org.jspecify.annotations.NullMarked;
