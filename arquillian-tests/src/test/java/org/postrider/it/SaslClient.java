package org.postrider.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The client's side of the mechanisms that go with a password. What it sends is remembered. Used by
 * one thread.
 */
final class SaslClient {

  /** Those it knows. LOGIN with a space before it is the command, not the mechanism. */
  static final List<String> MECHANISMS =
      List.of(
          " LOGIN",
          "PLAIN",
          "LOGIN",
          "CRAM-MD5",
          "CRAM-SHA1",
          "CRAM-SHA256",
          "SCRAM-SHA-1",
          "SCRAM-SHA-256");

  private final List<String> sent = new ArrayList<>();

  /** All that was sent as an answer, in base64. */
  List<String> sent() {
    return List.copyOf(sent);
  }

  /** Signs in; the tagged answer. */
  String signIn(ImapClient client, String mechanism, String name, String password)
      throws IOException {
    if (mechanism.equals(" LOGIN")) {
      return client.command("LOGIN \"" + name + "\" \"" + password + "\"").getLast();
    }
    String tag = client.send("AUTHENTICATE " + mechanism);
    int step = 0;
    String clientFirst = "n=" + name + ",r=fyko+d2lbbFgONRv9qkxdawL";
    while (true) {
      String line = client.line();
      if (line.startsWith(tag + " ")) {
        return line;
      }
      if (!line.startsWith("+ ") && !line.equals("+")) {
        continue;
      }
      byte[] challenge = Base64.getDecoder().decode(line.substring(1).strip());
      byte[] answer =
          switch (mechanism.replaceAll("-.*", "")) {
            case "PLAIN" -> ("\0" + name + "\0" + password).getBytes(UTF_8);
            case "LOGIN" -> (step == 0 ? name : password).getBytes(UTF_8);
            case "CRAM" -> cram(mechanism, challenge, name, password);
            default ->
                switch (step) {
                  case 0 -> ("n,," + clientFirst).getBytes(UTF_8);
                  case 1 -> scram(mechanism, clientFirst, new String(challenge, UTF_8), password);
                  default -> new byte[0];
                };
          };
      step++;
      String base64 = Base64.getEncoder().encodeToString(answer);
      sent.add(base64);
      client.sendRaw((base64 + "\r\n").getBytes(UTF_8));
    }
  }

  private static byte[] cram(String mechanism, byte[] challenge, String name, String password) {
    String function =
        switch (mechanism) {
          case "CRAM-MD5" -> "HmacMD5";
          case "CRAM-SHA1" -> "HmacSHA1";
          default -> "HmacSHA256";
        };
    byte[] digest = hmac(function, password.getBytes(UTF_8), challenge);
    return (name + " " + HexFormat.of().formatHex(digest)).getBytes(UTF_8);
  }

  /** RFC 5802 section 3. */
  private static byte[] scram(
      String mechanism, String clientFirst, String serverFirst, String password) {
    boolean one = mechanism.equals("SCRAM-SHA-1");
    String function = one ? "HmacSHA1" : "HmacSHA256";
    Map<String, String> fields = new TreeMap<>();
    for (String field : serverFirst.split(",")) {
      fields.put(field.substring(0, 1), field.substring(2));
    }
    try {
      byte[] salted =
          SecretKeyFactory.getInstance("PBKDF2With" + function)
              .generateSecret(
                  new PBEKeySpec(
                      password.toCharArray(),
                      Base64.getDecoder().decode(fields.get("s")),
                      Integer.parseInt(fields.get("i")),
                      one ? 160 : 256))
              .getEncoded();
      byte[] key = hmac(function, salted, "Client Key".getBytes(UTF_8));
      byte[] stored = MessageDigest.getInstance(one ? "SHA-1" : "SHA-256").digest(key);
      String withoutProof = "c=biws,r=" + fields.get("r");
      String message = clientFirst + "," + serverFirst + "," + withoutProof;
      byte[] signature = hmac(function, stored, message.getBytes(UTF_8));
      byte[] proof = Arrays.copyOf(key, key.length);
      for (int i = 0; i < proof.length; i++) {
        proof[i] ^= signature[i];
      }
      return (withoutProof + ",p=" + Base64.getEncoder().encodeToString(proof)).getBytes(UTF_8);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] hmac(String function, byte[] key, byte[] text) {
    try {
      Mac mac = Mac.getInstance(function);
      mac.init(new SecretKeySpec(key, function));
      return mac.doFinal(text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
