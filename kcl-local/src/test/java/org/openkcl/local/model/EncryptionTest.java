package org.openkcl.local.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.openkcl.local.model.ModelFixture.STREAM;
import static org.openkcl.local.model.ModelFixture.assertError;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EncryptionTest {
  private static final String ALIAS = "alias/orders";
  private static final String KEY =
      "arn:aws:kms:us-east-1:000000000000:key/00000000-0000-0000-0000-000000000002";

  private final ModelFixture fixture = ModelFixture.withShards(1);
  private final KeyRegistry keys = fixture.streams.control().keys();
  private final StreamEncryption encryption = fixture.streams.control().encryption();
  private final String created = keys.create(ALIAS);

  @Test
  void marksRecordsWhileItIsOn() {
    fixture.put("clear");
    encryption.start(STREAM, "KMS", KeyRegistry.SERVICE_ALIAS);
    fixture.put("secret");
    encryption.stop(STREAM, "KMS", KeyRegistry.SERVICE_ALIAS);
    fixture.put("clear again");
    assertThat(fixture.read(0, IteratorPosition.trimHorizon()).records())
        .extracting(StreamRecord::isEncrypted)
        .containsExactly(false, true, false);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ALIAS,
        KEY,
        "00000000-0000-0000-0000-000000000002",
        "arn:aws:kms:us-east-1:000000000000:alias/orders"
      })
  void knowsAKeyByAllItsNames(String name) {
    assertThat(created).isEqualTo(KEY);
    encryption.start(STREAM, "KMS", name);
    assertThat(fixture.streams.describe(STREAM).features().encryptionKeyId()).isEqualTo(name);
    encryption.stop(STREAM, "KMS", ALIAS);
    assertThat(encryption.type(STREAM)).isEqualTo("NONE");
  }

  @Test
  void refusesProducersWhenTheKeyCannotBeUsed() {
    encryption.start(STREAM, "KMS", ALIAS);
    keys.disable(ALIAS);
    assertError("KMSDisabledException", KEY + " is disabled.", () -> fixture.put("a"));
    keys.scheduleDeletion(ALIAS);
    assertError("KMSInvalidStateException", KEY + " is pending deletion.", () -> fixture.put("a"));
    keys.enable(ALIAS);
    keys.throttleNext(1);
    assertError("KMSThrottlingException", "throttling", () -> fixture.put("a"));
    fixture.put("a");
    keys.subscribed(false);
    assertError("KMSOptInRequired", "subscription", () -> fixture.put("a"));
    keys.subscribed(true);
    keys.delete(KEY);
    assertError("KMSNotFoundException", "alias/orders is not found.", () -> fixture.put("a"));
    assertThat(fixture.streams.describe(STREAM).features().encryptionKeyId()).isEqualTo(ALIAS);
  }

  @Test
  void refusesReadersOfRecordsWrittenWithAKeyThatCannotBeUsed() {
    encryption.start(STREAM, "KMS", ALIAS);
    fixture.put("secret");
    encryption.stop(STREAM, "KMS", KEY);
    keys.disable(ALIAS);
    assertError(
        "KMSDisabledException",
        "is disabled",
        () -> fixture.read(0, IteratorPosition.trimHorizon()));
    assertThat(fixture.texts(0, IteratorPosition.latest())).isEmpty();
    keys.delete(KEY);
    assertError(
        "KMSNotFoundException",
        "Key '" + KEY + "' does not exist",
        () -> fixture.read(0, IteratorPosition.trimHorizon()));
  }

  @Test
  void refusesThePrincipalsThatAreDenied() {
    encryption.start(STREAM, "KMS", ALIAS);
    keys.deny(ALIAS, KeyUse.ENCRYPT, "intruder");
    keys.deny(ALIAS, KeyUse.DECRYPT);
    as("producer", "PutRecord", () -> fixture.put("a"));
    assertError(
        "KMSAccessDeniedException",
        "User: arn:aws:iam::000000000000:user/intruder is not authorized to perform:"
            + " kms:GenerateDataKey on resource: "
            + KEY,
        () -> as("intruder", "PutRecord", () -> fixture.put("b")));
    assertError(
        "KMSAccessDeniedException",
        "is not authorized to decrypt records in stream 000000000000:orders",
        () -> as("reader", "GetRecords", () -> fixture.read(0, IteratorPosition.trimHorizon())));
    keys.allow(ALIAS, KeyUse.DECRYPT, "reader");
    assertError(
        "KMSAccessDeniedException",
        "reader",
        () -> as("reader", "GetRecords", () -> fixture.read(0, IteratorPosition.trimHorizon())));
    keys.allow(ALIAS, KeyUse.DECRYPT);
    as("reader", "GetRecords", () -> fixture.read(0, IteratorPosition.trimHorizon()));
    assertThat(fixture.texts(0, IteratorPosition.trimHorizon())).containsExactly("a");
  }

  @Test
  void startsOnlyWithAKeyThatCanBeUsed() {
    assertError(
        "KMSNotFoundException", "is not found", () -> encryption.start(STREAM, "KMS", "alias/no"));
    assertError(
        "InvalidArgumentException",
        "EncryptionType must be KMS",
        () -> encryption.start(STREAM, "NONE", ALIAS));
    encryption.start(STREAM, "KMS", ALIAS);
    assertError(
        "InvalidArgumentException",
        "is not encrypted with the key alias/aws/kinesis but with alias/orders",
        () -> encryption.stop(STREAM, "KMS", KeyRegistry.SERVICE_ALIAS));
  }

  @Test
  void leavesTheServicesKeyAlone() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> keys.disable(KeyRegistry.SERVICE_ALIAS))
        .withMessageContaining("Create a key instead");
    assertThatIllegalArgumentException().isThrownBy(() -> keys.create("alias/aws/other"));
    assertThatIllegalArgumentException().isThrownBy(() -> keys.create(ALIAS));
    assertThatIllegalArgumentException().isThrownBy(() -> keys.enable("alias/none"));
  }

  private void as(String principal, String action, Runnable work) {
    Call call = new Call(principal, action);
    fixture.streams.control().during(call, () -> {
      work.run();
      return "done";
    });
  }
}
