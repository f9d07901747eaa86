package org.openkcl.kinesis;

import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;

/** How OpenKCL's requests introduce themselves. */
final class UserAgent {
  static final AwsRequestOverrideConfiguration CONFIGURATION =
      AwsRequestOverrideConfiguration.builder()
          .addApiName(name -> name.name("openkcl").version(version()))
          .build();

  private UserAgent() {}

  private static String version() {
    String version = UserAgent.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }
}
