/**
 * The lease table in DynamoDB, in the format of Amazon's library. The only package that knows
 * DynamoDB's client.
 */
@NullMarked
package org.openkcl.leases.dynamodb;

import org.jspecify.annotations.NullMarked;
