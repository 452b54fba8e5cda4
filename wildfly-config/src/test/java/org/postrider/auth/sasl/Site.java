package org.postrider.auth.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLSession;
import org.apache.commons.codec.digest.DigestUtils;
import org.postrider.auth.AuthChain;
import org.postrider.auth.CramContext;
import org.postrider.auth.CramHash;
import org.postrider.auth.ScramHash;
import org.postrider.auth.ScramSecret;

/**
 * A data directory with two accounts: {@code user} with the password {@code pencil} and every
 * secret of it, and {@code hashed} with the same password and its hash alone.
 */
record Site(Path home, SaslMechanisms mechanisms) {

  static Site in(Path home) throws IOException {
    Files.createDirectories(home.resolve("etc"));
    StringBuilder user = new StringBuilder("uid=1000|gid=1000|home=/home/user|systempw=");
    user.append(hash("pencil"));
    for (CramHash hash : CramHash.values()) {
      String context = CramContext.of(hash, "pencil".getBytes(UTF_8)).format();
      user.append('|').append(hash.field()).append("pw=").append(context);
    }
    for (ScramHash hash : ScramHash.values()) {
      String secret = ScramSecret.of(hash, "pencil".toCharArray()).format();
      user.append('|').append(hash.field()).append("pw=").append(secret);
    }
    write(
        home.resolve("etc/userdb"),
        "user\t"
            + user
            + "\nuser@example.com\t"
            + user
            + "\nhashed\tuid=1001|gid=1001|home=/home/hashed|systempw="
            + hash("pencil")
            + "\n");
    return new Site(home, new SaslMechanisms(home, new AuthChain(home)));
  }

  private static String hash(String password) {
    return "{SHA}" + Base64.getEncoder().encodeToString(DigestUtils.sha1(password.getBytes(UTF_8)));
  }

  static void write(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  /** Somebody at this machine, who may send a password. */
  static SaslPeer peer() {
    return new SaslPeer(
        "imap",
        "mail.example.com",
        Optional.of(InetAddress.getLoopbackAddress()),
        true,
        Optional.empty(),
        Set.of(),
        "",
        DefaultDomain.NONE);
  }

  /** Somebody far away, in clear text. */
  static SaslPeer exposed(String... wanted) {
    SaslPeer near = peer();
    return new SaslPeer(
        near.service(),
        near.host(),
        near.address(),
        false,
        Optional.empty(),
        new LinkedHashSet<>(Arrays.asList(wanted)),
        "",
        near.domain());
  }

  static SaslPeer withDomain(DefaultDomain domain) {
    SaslPeer near = peer();
    return new SaslPeer(
        near.service(), near.host(), near.address(), true, near.tls(), near.wanted(), "", domain);
  }

  static SaslPeer overTls(SSLSession session, String certificateField, String... wanted) {
    SaslPeer near = peer();
    return new SaslPeer(
        near.service(),
        near.host(),
        near.address(),
        true,
        Optional.of(session),
        new LinkedHashSet<>(Arrays.asList(wanted)),
        certificateField,
        near.domain());
  }

  SaslExchange open(String mechanism, SaslPeer peer) throws Exception {
    return mechanisms.open(mechanism, peer).orElseThrow();
  }

  SaslExchange open(String mechanism) throws Exception {
    return open(mechanism, peer());
  }

  /** One message, as the initial response. */
  static SaslStep begin(SaslExchange exchange, String initial) throws Exception {
    return exchange.begin(Optional.of(initial.getBytes(UTF_8)));
  }

  static SaslStep answer(SaslExchange exchange, String response) throws Exception {
    return exchange.answer(response.getBytes(UTF_8));
  }

  /** The text of a challenge. */
  static String challenge(SaslStep step) {
    return new String(((SaslStep.Challenge) step).octets(), UTF_8);
  }

  static String accepted(SaslStep step) {
    return ((SaslStep.Accepted) step).account().name();
  }
}
