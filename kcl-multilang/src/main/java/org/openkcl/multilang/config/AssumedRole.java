package org.openkcl.multilang.config;

import java.net.URI;
import java.util.Arrays;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.StsClientBuilder;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;

/**
 * Credentials of a role: {@code StsAssumeRoleCredentialsProvider|ROLE_ARN|SESSION_NAME}, and behind
 * those {@code externalId=ID}, {@code endpoint=HOST^REGION} and {@code endpointRegion=REGION}.
 */
final class AssumedRole {
  private static final String NAME = "StsAssumeRoleCredentialsProvider";

  private AssumedRole() {}

  static boolean isMeant(String name) {
    String simple = name.substring(name.lastIndexOf('.') + 1);
    return simple.equals(NAME) || simple.equals("Kcl" + NAME);
  }

  /** Empty when role and session name are not both given, or something else is unknown. */
  static Optional<AwsCredentialsProvider> provider(String[] arguments) {
    if (arguments.length < 2) {
      return Optional.empty();
    }
    AssumeRoleRequest.Builder request =
        AssumeRoleRequest.builder().roleArn(arguments[0]).roleSessionName(arguments[1]);
    StsClientBuilder sts = StsClient.builder().httpClient(UrlConnectionHttpClient.create());
    for (String option : Arrays.asList(arguments).subList(2, arguments.length)) {
      int equals = option.indexOf('=');
      String value = option.substring(equals + 1);
      switch (option.substring(0, Math.max(0, equals))) {
        case "externalId" -> request.externalId(value);
        case "endpointRegion" -> sts.region(Region.of(value));
        case "endpoint" -> endpoint(sts, value);
        default -> {
          return Optional.empty();
        }
      }
    }
    return Optional.of(StsAssumeRoleCredentialsProvider.builder()
        .stsClient(sts.build())
        .refreshRequest(request.build())
        .asyncCredentialUpdateEnabled(true)
        .build());
  }

  private static void endpoint(StsClientBuilder sts, String value) {
    int caret = value.indexOf('^');
    String host = caret < 0 ? value : value.substring(0, caret);
    sts.endpointOverride(URI.create(host.contains("://") ? host : "https://" + host));
    if (caret >= 0) {
      sts.region(Region.of(value.substring(caret + 1)));
    }
  }
}
