package org.openkcl.local.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * A self-signed certificate (RFC 5280) for {@code localhost}, 127.0.0.1 and ::1, with a key of its
 * own that exists in this process only. Made anew each time: whoever trusts one trusts no other.
 */
public final class LoopbackCertificate {
  private static final String ALIAS = "loopback";
  private static final char[] PASSWORD = "in memory only".toCharArray();
  private static final Duration LIFE = Duration.ofDays(397);
  private static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";

  private final X509Certificate certificate;
  private final KeyPair keys;

  private LoopbackCertificate(X509Certificate certificate, KeyPair keys) {
    this.certificate = certificate;
    this.keys = keys;
  }

  /** A certificate that is valid from the day before {@code now} for 397 days. */
  public static LoopbackCertificate make(Instant now) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair keys = generator.generateKeyPair();
      byte[] content = content(keys, now.minus(Duration.ofDays(1)));
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(keys.getPrivate());
      signature.update(content);
      byte[] encoded = Der.sequence(content, algorithm(), Der.bits(signature.sign()));
      Certificate certificate = CertificateFactory.getInstance("X.509")
          .generateCertificate(new ByteArrayInputStream(encoded));
      return new LoopbackCertificate((X509Certificate) certificate, keys);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("Every Java platform has these algorithms", impossible);
    }
  }

  /** The certificate, to be trusted by clients. */
  public X509Certificate certificate() {
    return certificate;
  }

  /** The certificate as a PEM text, as other programs want it. */
  public String pem() {
    try {
      String base64 =
          Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded());
      return "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n";
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("It was encoded before", impossible);
    }
  }

  /** Trusts this certificate and nothing else. */
  public TrustManager[] trustManagers() {
    try {
      KeyStore trusted = emptyStore();
      trusted.setCertificateEntry(ALIAS, certificate);
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(trusted);
      return factory.getTrustManagers();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("A store in memory takes any certificate", impossible);
    }
  }

  /** Certificate and key, for the server that shows it. */
  KeyStore keyStore() {
    try {
      KeyStore store = emptyStore();
      store.setKeyEntry(ALIAS, keys.getPrivate(), PASSWORD, new Certificate[] {certificate});
      return store;
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("A store in memory takes any key", impossible);
    }
  }

  String keyStorePassword() {
    return new String(PASSWORD);
  }

  private static KeyStore emptyStore() throws GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try {
      store.load(null, null);
    } catch (IOException impossible) {
      throw new IllegalStateException("Nothing was read", impossible);
    }
    return store;
  }

  private static byte[] content(KeyPair keys, Instant from) throws GeneralSecurityException {
    byte[] name = Der.sequence(
        Der.set(Der.sequence(Der.oid("2.5.4.3"), Der.text("kcl-local on this machine"))));
    return Der.sequence(
        Der.tagged(0xA0, Der.integer(BigInteger.TWO)), // version 3
        Der.integer(new BigInteger(63, new SecureRandom()).setBit(62)),
        algorithm(),
        name,
        Der.sequence(Der.time(from), Der.time(from.plus(LIFE))),
        name,
        keys.getPublic().getEncoded(),
        Der.tagged(0xA3, extensions(keys)));
  }

  private static byte[] algorithm() {
    return Der.sequence(Der.oid(ECDSA_WITH_SHA256));
  }

  private static byte[] extensions(KeyPair keys) throws GeneralSecurityException {
    byte[] keyId = MessageDigest.getInstance("SHA-1").digest(keys.getPublic().getEncoded());
    byte[] signAndCertify = {2, (byte) 0b1000_0100
    }; // two unused bits; digitalSignature, keyCertSign
    byte[] localhost = "localhost".getBytes(StandardCharsets.US_ASCII);
    byte[] ipv6Loopback = new byte[16];
    ipv6Loopback[15] = 1;
    return Der.sequence(
        critical("2.5.29.19", Der.sequence(Der.yes())), // its own authority
        critical("2.5.29.15", Der.tagged(0x03, signAndCertify)),
        extension("2.5.29.37", Der.sequence(Der.oid("1.3.6.1.5.5.7.3.1"))), // of a server
        extension("2.5.29.14", Der.octets(keyId)),
        extension(
            "2.5.29.17",
            Der.sequence(
                Der.tagged(0x82, localhost),
                Der.tagged(0x87, new byte[] {127, 0, 0, 1}),
                Der.tagged(0x87, ipv6Loopback))));
  }

  private static byte[] extension(String oid, byte[] value) {
    return Der.sequence(Der.oid(oid), Der.octets(value));
  }

  private static byte[] critical(String oid, byte[] value) {
    return Der.sequence(Der.oid(oid), Der.yes(), Der.octets(value));
  }
}
