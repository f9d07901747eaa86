package org.openkcl.local.conformance;

import java.util.List;
import java.util.function.BiConsumer;
import org.openkcl.local.LocalKeys;
import org.openkcl.local.model.KeyUse;
import software.amazon.awssdk.services.kinesis.model.KinesisException;
import software.amazon.awssdk.services.kinesis.model.KmsAccessDeniedException;
import software.amazon.awssdk.services.kinesis.model.KmsDisabledException;
import software.amazon.awssdk.services.kinesis.model.KmsInvalidStateException;
import software.amazon.awssdk.services.kinesis.model.KmsNotFoundException;
import software.amazon.awssdk.services.kinesis.model.KmsOptInRequiredException;
import software.amazon.awssdk.services.kinesis.model.KmsThrottlingException;

/**
 * A reason for which a key cannot be used.
 *
 * @param make brings it about, for a key's ARN
 */
record KeyTrouble(
    Class<? extends KinesisException> error, String message, BiConsumer<LocalKeys, String> make) {
  static final List<KeyTrouble> ALL = List.of(
      new KeyTrouble(KmsDisabledException.class, "is disabled", LocalKeys::disable),
      new KeyTrouble(
          KmsInvalidStateException.class, "is pending deletion", LocalKeys::scheduleDeletion),
      new KeyTrouble(KmsNotFoundException.class, "does not exist", LocalKeys::delete),
      new KeyTrouble(KmsAccessDeniedException.class, "is not authorized to", (keys, key) -> {
        keys.deny(key, KeyUse.ENCRYPT);
        keys.deny(key, KeyUse.DECRYPT);
      }),
      new KeyTrouble(
          KmsOptInRequiredException.class,
          "needs a subscription",
          (keys, key) -> keys.subscribed(false)),
      new KeyTrouble(
          KmsThrottlingException.class, "throttling", (keys, key) -> keys.throttleNext(1)));
}
