package org.openkcl.local;

import java.net.URI;
import javax.net.ssl.TrustManager;
import org.openkcl.local.http.LoopbackCertificate;

/**
 * Kinesis over TLS in one cloud.
 *
 * @param kinesis {@code https://127.0.0.1:PORT}
 * @param certificate what it shows
 */
record LocalTls(URI kinesis, LoopbackCertificate certificate) {
  TrustManager[] trustManagers() {
    return certificate.trustManagers();
  }
}
