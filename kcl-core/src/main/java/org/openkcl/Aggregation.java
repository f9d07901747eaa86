package org.openkcl;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.openkcl.processor.OddRecord.DeadLetters;
import org.openkcl.processor.OddRecord.Treatment;
import org.openkcl.records.AggregateRules;

/**
 * What is done with aggregates, into which the Kinesis Producer Library and others pack many user
 * records. However set, every odd record is counted ({@link Scheduler#oddRecords()}) and warned of,
 * and none makes its shard fail. The page docs/records.md explains the whole.
 */
public final class Aggregation {
  /** Aggregates are taken apart, and all that is in them is delivered. */
  public static final Aggregation DEFAULT = builder().build();

  /** Aggregates are delivered whole, as they are in the stream. */
  public static final Aggregation WHOLE =
      new Aggregation(new AggregateRules(false, Treatment.DELIVER, false, Treatment.DELIVER, null));

  private final AggregateRules rules;

  private Aggregation(AggregateRules rules) {
    this.rules = rules;
  }

  /** A builder with the defaults. Setting anything twice is an error. */
  public static Builder builder() {
    return new Builder();
  }

  AggregateRules rules() {
    return rules;
  }

  @Override
  public String toString() {
    return rules.toString();
  }

  /** Describes an {@link Aggregation} that takes aggregates apart. */
  public static final class Builder {
    private final Set<String> given = new HashSet<>();
    private Treatment foreign = Treatment.DELIVER;
    private Treatment corrupt = Treatment.DELIVER;
    private boolean foreignSpoilsAggregate;
    private @Nullable DeadLetters deadLetters;

    private Builder() {}

    /**
     * What is done with user records whose hash key belongs to another shard. Default {@link
     * Treatment#DELIVER}: after a reshard some may come twice, since Amazon's producer library sends
     * them again; other producers do not, and then dropping them is losing them.
     */
    public Builder foreign(Treatment treatment) {
      once("foreign");
      foreign = treatment;
      return this;
    }

    /**
     * One foreign record makes all of its aggregate foreign, as in Amazon's library, which drops
     * them all. Default: only those that are foreign.
     */
    public Builder foreignSpoilsAggregate() {
      once("foreignSpoilsAggregate");
      foreignSpoilsAggregate = true;
      return this;
    }

    /**
     * What is done with an aggregate whose checksum is right and whose contents cannot be read; it
     * is treated as one record. Default {@link Treatment#DELIVER}. A record that begins like an
     * aggregate without having its checksum is an ordinary record, and delivered in any case.
     */
    public Builder corrupt(Treatment treatment) {
      once("corrupt");
      corrupt = treatment;
      return this;
    }

    /** Where records go whose treatment is {@link Treatment#DEAD_LETTER}. */
    public Builder deadLetters(DeadLetters receiver) {
      once("deadLetters");
      deadLetters = receiver;
      return this;
    }

    /**
     * Builds it.
     *
     * @throws IllegalStateException when something is to become a dead letter and there are no
     *     {@link #deadLetters}, or the other way round
     */
    public Aggregation build() {
      return new Aggregation(
          new AggregateRules(true, foreign, foreignSpoilsAggregate, corrupt, deadLetters));
    }

    private void once(String setting) {
      if (!given.add(setting)) {
        throw new IllegalStateException(setting + " was already set. Set it once.");
      }
    }
  }
}
