package org.postrider.auth.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.postrider.auth.DataDirectory;
import org.postrider.auth.ScramHash;

/**
 * The salts of names that have none of their own: of accounts whose password is kept in clear, and
 * of those that are not there, which must not be told apart. Always the same for a name, also after
 * a restart: else asking twice would tell. Any thread.
 *
 * <p>They are made with a secret of this installation, {@code etc/scram.secret} in the data
 * directory: 32 random octets in base64, mode 600, made when first needed. Whoever knows it can
 * tell which accounts are not there. Several servers for the same accounts have the same file.
 */
final class ScramSalts {

  private static final Logger LOG = System.getLogger(ScramSalts.class.getName());

  private static final int SECRET_OCTETS = 32;
  private static final int SALT_OCTETS = 16;

  private final Path file;
  private byte[] secret;

  ScramSalts(Path home) {
    file = home.resolve("etc").resolve("scram.secret");
  }

  /** The salt of a name. */
  byte[] of(ScramHash hash, String name) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret(), "HmacSHA256"));
      mac.update(hash.mechanism().getBytes(UTF_8));
      mac.update((byte) 0);
      return Arrays.copyOf(mac.doFinal(name.getBytes(UTF_8)), SALT_OCTETS);
    } catch (GeneralSecurityException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }

  private synchronized byte[] secret() {
    if (secret == null) {
      secret = readOrMake();
    }
    return secret;
  }

  private byte[] readOrMake() {
    byte[] made = new byte[SECRET_OCTETS];
    new SecureRandom().nextBytes(made);
    try {
      if (Files.exists(file)) {
        byte[] read = Base64.getDecoder().decode(Files.readString(file).strip());
        if (read.length >= SECRET_OCTETS) {
          return read;
        }
        throw new IOException("it is shorter than " + SECRET_OCTETS + " octets in base64");
      }
      Files.createDirectories(file.getParent());
      DataDirectory.write(file, (Base64.getEncoder().encodeToString(made) + "\n").getBytes(UTF_8));
    } catch (IOException | IllegalArgumentException e) {
      LOG.log(
          Level.WARNING,
          "{0} could not be read or made ({1}); until it can, every start of the server makes"
              + " other salts, by which a stranger can tell which accounts there are.",
          file,
          e.getMessage());
    }
    return made;
  }
}
