package org.openkcl.local.model;

import org.jspecify.annotations.Nullable;

/**
 * A record to put.
 *
 * @param partitionKey 1 to 256 characters
 * @param explicitHashKey a decimal number from 0 to 2^128 - 1 that takes the place of the partition
 *     key's MD5; null for none
 * @param data the payload; the stream keeps this very array, so do not write to it afterwards
 */
@SuppressWarnings(
    "ArrayRecordComponent") // never compared; copying each payload would cost a put twice
public record PutEntry(String partitionKey, @Nullable String explicitHashKey, byte[] data) {}
