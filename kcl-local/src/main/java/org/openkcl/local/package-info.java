/**
 * Kinesis Data Streams, DynamoDB and CloudWatch's intake on this machine, for tests and for trying things out. Start at
 * {@link org.openkcl.local.LocalCloud}.
 */
@NullMarked
package org.openkcl.local;

import org.jspecify.annotations.NullMarked;
