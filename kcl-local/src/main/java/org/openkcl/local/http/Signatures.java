package org.openkcl.local.http;

import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openkcl.local.model.StreamException;

/** Whether requests must be signed, and by whom. */
@FunctionalInterface
public interface Signatures {
  /** The error for a request that is not signed as it should be; null when all is well. */
  @Nullable
  StreamException refusal(Supplier<SignedRequest> request);

  /** Nobody looks at signatures. */
  static Signatures unchecked() {
    return request -> null;
  }

  /**
   * All requests must be signed with this key pair.
   *
   * @param clock a request must be signed within five minutes of its time
   */
  static Signatures of(String accessKeyId, String secretAccessKey, InstantSource clock) {
    SignatureCheck check = new SignatureCheck(accessKeyId, secretAccessKey, clock);
    return request -> {
      try {
        check.require(request.get());
        return null;
      } catch (StreamException refusal) {
        return refusal;
      }
    };
  }
}
