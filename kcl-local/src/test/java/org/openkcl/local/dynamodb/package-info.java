@NullMarked
package org.openkcl.local.dynamodb;

import org.jspecify.annotations.NullMarked;
