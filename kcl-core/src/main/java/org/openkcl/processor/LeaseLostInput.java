package org.openkcl.processor;

/** What a processor is told when its shard went to another worker: nothing more. */
public record LeaseLostInput() {

  /** A builder, mainly for tests of processors. */
  public static Builder builder() {
    return new Builder();
  }

  /** Builds a {@link LeaseLostInput}. */
  public static final class Builder {
    private Builder() {}

    /** The input. */
    public LeaseLostInput build() {
      return new LeaseLostInput();
    }
  }
}
