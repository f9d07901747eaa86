package org.openkcl.kinesis;

/** How OpenKCL's requests introduce themselves. */
final class UserAgent {
  /** A word of the user agent that {@link AwsClients}' requests carry. */
  static final String NAME = "openkcl/" + version();

  private UserAgent() {}

  private static String version() {
    String version = UserAgent.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }
}
