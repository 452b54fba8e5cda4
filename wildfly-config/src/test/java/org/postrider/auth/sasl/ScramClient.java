package org.postrider.auth.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The client's side of RFC 5802, by the JDK's PBKDF2.
 *
 * @param hash {@code SHA1} or {@code SHA256}, as {@link Mac} has it behind {@code Hmac}
 * @param header {@code n,,}
 */
record ScramClient(String hash, String header, String name, String password, String nonce) {

  private static final Base64.Encoder BASE64 = Base64.getEncoder();

  String first() {
    return header + bare();
  }

  private String bare() {
    return "n=" + name + ",r=" + nonce;
  }

  /**
   * The last message.
   *
   * @param binding channel binding data
   */
  String last(String serverFirst, byte[] binding) throws GeneralSecurityException {
    String withoutProof =
        "c=" + BASE64.encodeToString(binding(binding)) + ",r=" + nonce(serverFirst);
    byte[] key = hmac(salted(serverFirst), "Client Key");
    byte[] signature =
        hmac(
            MessageDigest.getInstance(hash.equals("SHA1") ? "SHA-1" : "SHA-256").digest(key),
            message(serverFirst, withoutProof));
    for (int i = 0; i < key.length; i++) {
      key[i] ^= signature[i];
    }
    return withoutProof + ",p=" + BASE64.encodeToString(key);
  }

  /** What the server has to prove. */
  String expected(String serverFirst, byte[] binding) throws GeneralSecurityException {
    String withoutProof =
        "c=" + BASE64.encodeToString(binding(binding)) + ",r=" + nonce(serverFirst);
    byte[] key = hmac(salted(serverFirst), "Server Key");
    return "v=" + BASE64.encodeToString(hmac(key, message(serverFirst, withoutProof)));
  }

  private byte[] binding(byte[] data) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(header.getBytes(UTF_8));
    all.writeBytes(data);
    return all.toByteArray();
  }

  private String message(String serverFirst, String withoutProof) {
    return bare() + "," + serverFirst + "," + withoutProof;
  }

  private static String nonce(String serverFirst) {
    return attributes(serverFirst).get("r");
  }

  private byte[] salted(String serverFirst) throws GeneralSecurityException {
    Map<String, String> attributes = attributes(serverFirst);
    return SecretKeyFactory.getInstance("PBKDF2WithHmac" + hash)
        .generateSecret(
            new PBEKeySpec(
                password.toCharArray(),
                Base64.getDecoder().decode(attributes.get("s")),
                Integer.parseInt(attributes.get("i")),
                hash.equals("SHA1") ? 160 : 256))
        .getEncoded();
  }

  static Map<String, String> attributes(String message) {
    Map<String, String> attributes = new HashMap<>();
    for (String attribute : message.split(",")) {
      attributes.put(attribute.substring(0, 1), attribute.substring(2));
    }
    return attributes;
  }

  private byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("Hmac" + hash);
    mac.init(new SecretKeySpec(key, mac.getAlgorithm()));
    return mac.doFinal(text.getBytes(UTF_8));
  }
}
