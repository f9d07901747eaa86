package org.openkcl.local;

import java.time.InstantSource;
import java.util.function.Consumer;
import org.openkcl.local.http.Signatures;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;

/**
 * The key pair that requests to a cloud must be signed with; gives it to client builders.
 *
 * @param accessKeyId without slashes, commas and spaces
 */
record LocalCredentials(String accessKeyId, String secretAccessKey)
    implements Consumer<AwsClientBuilder<?, ?>> {
  LocalCredentials {
    if (!accessKeyId.matches("\\w+") || secretAccessKey.isEmpty()) {
      throw new IllegalArgumentException("Credentials are an access key id of letters, digits and"
          + " _, and a secret: got the access key id '"
          + accessKeyId
          + "' and a secret of "
          + secretAccessKey.length()
          + " characters");
    }
  }

  @Override
  public void accept(AwsClientBuilder<?, ?> builder) {
    builder.credentialsProvider(
        StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKeyId, secretAccessKey)));
  }

  Signatures signatures(InstantSource clock) {
    return Signatures.of(accessKeyId, secretAccessKey, clock);
  }
}
