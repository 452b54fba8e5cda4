package org.postrider.tool;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import org.postrider.auth.DataDirectory;
import org.postrider.auth.PasswordHash;
import org.postrider.auth.UserdbCompiler;

/**
 * The account of the first run: an ordinary record in {@code etc/userdb}, compiled, with an
 * ordinary Maildir. Its password is made at random and also kept, unlike any other, in {@code
 * etc/demo-password}, so that later runs can tell it.
 */
record DemonstrationAccount(String address, String password) {

  private static final String ADDRESS = "demo@localhost";
  private static final int PASSWORD_CHARACTERS = 16;

  /**
   * Nothing that a shell or a URL reads differently, and nothing that looks like something else.
   */
  private static final String ALPHABET = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

  /** The largest file that is looked into for the account: a real userdb has no need of it. */
  private static final long USERDB_MAX_OCTETS = 64 << 20;

  /**
   * Makes Maildir, password and record, in this order: the record is what makes it an account.
   *
   * @param home the data directory, with {@code etc/} and {@code mail/}
   * @param host this machine's name, for the names of the message files
   */
  static void create(Path home, String host, Instant now) throws IOException {
    Path account = home.resolve("mail").resolve(ADDRESS);
    if (Files.notExists(account)) {
      // Beside its place until it is whole; what an interrupted run left stays unused.
      Path draft = Files.createTempDirectory(home.resolve("mail"), ".new-");
      new DemonstrationMail(draft.resolve("Maildir"), host, now).write();
      Files.move(draft, account, StandardCopyOption.ATOMIC_MOVE);
    }
    String password = newPassword();
    DataDirectory.write(passwordFile(home), (password + "\n").getBytes(US_ASCII));
    String record =
        "%s\tuid=%s|gid=%s|home=%s|mail=Maildir|gecos=Demo|systempw=%s%n"
            .formatted(
                ADDRESS,
                Files.getAttribute(account, "unix:uid"),
                Files.getAttribute(account, "unix:gid"),
                account,
                PasswordHash.create(password.toCharArray()));
    Path userdb = home.resolve("etc/userdb");
    DataDirectory.write(userdb, record.getBytes(UTF_8));
    UserdbCompiler.compile(userdb, soFar -> {});
  }

  /** The account, as long as its record and its password are there. */
  static Optional<DemonstrationAccount> find(Path home) throws IOException {
    Path userdb = home.resolve("etc/userdb");
    if (!Files.isRegularFile(userdb)
        || Files.size(userdb) > USERDB_MAX_OCTETS
        || Files.notExists(passwordFile(home))) {
      return Optional.empty();
    }
    try (var lines = Files.lines(userdb, ISO_8859_1)) {
      if (lines.noneMatch(line -> line.startsWith(ADDRESS + "\t"))) {
        return Optional.empty();
      }
    }
    return Optional.of(
        new DemonstrationAccount(ADDRESS, Files.readString(passwordFile(home), US_ASCII).strip()));
  }

  private static Path passwordFile(Path home) {
    return home.resolve("etc/demo-password");
  }

  private static String newPassword() {
    SecureRandom random = new SecureRandom();
    StringBuilder password = new StringBuilder();
    for (int i = 0; i < PASSWORD_CHARACTERS; i++) {
      password.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return password.toString();
  }
}
