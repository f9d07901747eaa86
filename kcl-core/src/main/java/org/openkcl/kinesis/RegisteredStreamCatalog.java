package org.openkcl.kinesis;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.openkcl.lineage.Shard;
import org.openkcl.lineage.ShardCatalog;
import org.openkcl.lineage.ShardSelection;
import org.openkcl.lineage.StreamState;

/**
 * A stream's catalog that describes the stream only once the application is a registered consumer of
 * it, so that a worker that cannot become one fails to start and says why.
 */
public final class RegisteredStreamCatalog implements ShardCatalog {
  private final ShardCatalog catalog;
  private final ConsumerRegistration registration;

  /** A catalog in front of another. */
  public RegisteredStreamCatalog(ShardCatalog catalog, ConsumerRegistration registration) {
    this.catalog = catalog;
    this.registration = registration;
  }

  @Override
  public CompletionStage<StreamState> describe() {
    return catalog
        .describe()
        .thenCompose(state -> state.isReadable()
            ? registration.registered().thenApply(registered -> state)
            : CompletableFuture.completedFuture(state));
  }

  @Override
  public CompletionStage<List<Shard>> list(ShardSelection selection) {
    return catalog.list(selection);
  }
}
