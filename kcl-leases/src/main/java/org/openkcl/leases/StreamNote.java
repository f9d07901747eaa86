package org.openkcl.leases;

/**
 * What Amazon's library noted of a stream. Read and left alone.
 *
 * @param streamIdentifier the stream's name, or {@code account:stream:creationEpoch}
 * @param streamId the service's own id of the stream
 */
public record StreamNote(String streamIdentifier, String streamId) {}
