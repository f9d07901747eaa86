/** Amazon's DynamoDB Local in this JVM: quiet, in memory, on loopback, reporting to nobody. */
@NullMarked
package org.openkcl.local.dynamodb;

import org.jspecify.annotations.NullMarked;
