package org.openkcl.local.model;

/**
 * What the account has and may have (API reference: DescribeLimits).
 *
 * @param shardLimit open shards of all streams
 * @param openShardCount how many there are
 * @param onDemandStreamCount streams in on-demand mode
 * @param onDemandStreamCountLimit how many there may be
 */
public record AccountLimits(
    int shardLimit, int openShardCount, int onDemandStreamCount, int onDemandStreamCountLimit) {}
