package org.openkcl.benchmarks;

import java.io.IOException;
import org.openkcl.local.LocalCloud;

/** kcl-local in a JVM of its own: prints its Kinesis endpoint and ends when its input does. */
final class ServiceMain {
  private static final long STORED_BYTES_MAX = 3L * 1024 * 1024 * 1024;

  private ServiceMain() {}

  public static void main(String[] args) throws IOException {
    try (LocalCloud cloud =
        LocalCloud.builder().storedBytesMax(STORED_BYTES_MAX).start()) {
      System.out.println(cloud.kinesisEndpoint());
      while (System.in.read() >= 0) {
        // Only the end counts.
      }
    }
  }
}
