package org.postrider.auth.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;

/** An issuer of tokens: its keys, and its two addresses. */
public final class TestIssuer implements AutoCloseable {

  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  /** An RSA key. */
  public static final KeyPair RSA = keys("RSA");

  static final KeyPair EC = keys("EC");
  static final KeyPair EDWARDS = keys("Ed25519");

  private final HttpServer server;
  final AtomicInteger asked = new AtomicInteger();
  volatile String keys = "{\"keys\":[]}";
  volatile String introspected = "{\"active\":false}";
  volatile String lastForm = "";
  volatile String lastAuthorization = "";
  volatile int status = 200;

  /** Listens on a port of this machine. */
  public TestIssuer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/keys", exchange -> answer(exchange, keys));
    server.createContext(
        "/introspect",
        exchange -> {
          lastForm = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
          lastAuthorization = exchange.getRequestHeaders().getFirst("Authorization");
          answer(exchange, introspected);
        });
    server.start();
  }

  private void answer(HttpExchange exchange, String text) throws IOException {
    asked.incrementAndGet();
    byte[] octets = text.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, octets.length);
    exchange.getResponseBody().write(octets);
    exchange.close();
  }

  String address(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private static KeyPair keys(String algorithm) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      switch (algorithm) {
        case "RSA" -> generator.initialize(2048);
        case "EC" -> generator.initialize(new ECGenParameterSpec("secp256r1"));
        default -> {}
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A set with one key of each kind, numbered by its kind. */
  public static String allKeys() {
    return "{\"keys\":["
        + key("rsa", RSA, "\"use\":\"sig\"")
        + ","
        + key("ec", EC, "\"alg\":\"ES256\"")
        + ","
        + key("ed", EDWARDS, "\"key_ops\":[\"verify\"]")
        + "]}";
  }

  static String key(String id, KeyPair pair, String more) {
    String value =
        switch (pair.getPublic()) {
          case RSAPublicKey rsa ->
              "\"kty\":\"RSA\",\"n\":\""
                  + unsigned(rsa.getModulus(), 256)
                  + "\",\"e\":\""
                  + unsigned(rsa.getPublicExponent(), 3)
                  + "\"";
          case ECPublicKey ec ->
              "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\""
                  + unsigned(ec.getW().getAffineX(), 32)
                  + "\",\"y\":\""
                  + unsigned(ec.getW().getAffineY(), 32)
                  + "\"";
          case EdECPublicKey ed -> {
            byte[] encoded = ed.getEncoded();
            yield "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\""
                + BASE64.encodeToString(
                    Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length))
                + "\"";
          }
          default -> throw new IllegalArgumentException();
        };
    return "{\"kid\":\"" + id + "\"," + value + (more.isEmpty() ? "" : "," + more) + "}";
  }

  private static String unsigned(BigInteger number, int length) {
    byte[] octets = number.toByteArray();
    byte[] padded = new byte[length];
    int taken = Math.min(length, octets.length);
    System.arraycopy(octets, octets.length - taken, padded, length - taken, taken);
    return BASE64.encodeToString(padded);
  }

  /**
   * A token.
   *
   * @param header of JSON
   * @param claims of JSON
   */
  public static String token(String header, String claims, KeyPair pair)
      throws GeneralSecurityException {
    String signed =
        BASE64.encodeToString(header.getBytes(UTF_8))
            + "."
            + BASE64.encodeToString(claims.getBytes(UTF_8));
    Signature signature =
        switch (pair.getPublic()) {
          case RSAPublicKey rsa when header.contains("PS256") -> pss();
          case RSAPublicKey rsa -> Signature.getInstance("SHA256withRSA");
          case ECPublicKey ec -> Signature.getInstance("SHA256withECDSAinP1363Format");
          default -> Signature.getInstance("Ed25519");
        };
    signature.initSign(pair.getPrivate());
    signature.update(signed.getBytes(UTF_8));
    return signed + "." + BASE64.encodeToString(signature.sign());
  }

  private static Signature pss() throws GeneralSecurityException {
    Signature signature = Signature.getInstance("RSASSA-PSS");
    signature.setParameter(
        new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
    return signature;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
