package org.openkcl.multilang;

import java.util.List;
import java.util.function.Consumer;
import org.openkcl.Scheduler;
import org.openkcl.environment.Environment;
import org.openkcl.multilang.child.Children;
import org.openkcl.multilang.config.Configuration;
import org.openkcl.multilang.config.ConfigurationException;
import org.openkcl.multilang.config.Problem;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.exception.SdkClientException;

/** A worker and its children, as a configuration describes them. */
final class Daemon implements AutoCloseable {
  private final Environment environment;
  private final Scheduler scheduler;
  private final Children children;

  private Daemon(Environment environment, Scheduler scheduler, Children children) {
    this.environment = environment;
    this.scheduler = scheduler;
    this.children = children;
  }

  /**
   * Prepares a daemon; nothing is asked of AWS yet.
   *
   * @param clients applied to each AWS client after the configuration
   */
  static Daemon of(Configuration configuration, Consumer<AwsClientBuilder<?, ?>> clients)
      throws ConfigurationException {
    DaemonSettings settings = DaemonSettings.of(configuration);
    Environment environment = Environment.system();
    Children children = new Children(settings.command(), settings.children(), environment);
    try {
      Scheduler scheduler = settings
          .scheduler(children)
          .clients(settings.clients().andThen(clients))
          .build();
      return new Daemon(environment, scheduler, children);
    } catch (IllegalArgumentException | IllegalStateException | SdkClientException refused) {
      children.close();
      environment.close();
      throw new ConfigurationException(
          List.of(new Problem("", String.valueOf(refused.getMessage()))));
    }
  }

  Scheduler scheduler() {
    return scheduler;
  }

  /** Hands all shards over, then ends the children. */
  @Override
  public void close() {
    scheduler.close();
    children.close();
    environment.close();
  }
}
