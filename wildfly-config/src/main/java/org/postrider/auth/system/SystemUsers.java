package org.postrider.auth.system;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.postrider.auth.PasswordHash;
import org.postrider.auth.TemporaryFailureException;

/**
 * The users of the operating system: those of {@code passwd} and {@code shadow}, and after them
 * those of the name service, unless the files are others than the system's.
 *
 * @param passwd the file, by default {@value #PASSWD}
 * @param shadow the file, by default {@value #SHADOW}
 * @param asksNames whether the name service is asked for who is in no file
 */
record SystemUsers(PasswdFile passwd, PasswdFile shadow, boolean asksNames) {

  private static final String PASSWD = "/etc/passwd";
  private static final String SHADOW = "/etc/shadow";

  /**
   * The users that a module's options mean.
   *
   * @param passwd option {@code passwd}
   * @param shadow option {@code shadow}
   */
  static SystemUsers of(Optional<String> passwd, Optional<String> shadow) {
    return new SystemUsers(
        PasswdFile.at(Path.of(passwd.orElse(PASSWD))),
        PasswdFile.at(Path.of(shadow.orElse(SHADOW))),
        passwd.isEmpty() && shadow.isEmpty());
  }

  /**
   * A user.
   *
   * @throws TemporaryFailureException if that cannot be told
   */
  Optional<SystemUser> user(String name) throws TemporaryFailureException {
    Optional<SystemUser> found = passwd.find(name).flatMap(SystemUser::parse);
    return found.isPresent() || !asksNames ? found : NameService.user(name);
  }

  /**
   * A user's shadow.
   *
   * @throws TemporaryFailureException if that cannot be told
   */
  Optional<ShadowRecord> shadow(String name) throws TemporaryFailureException {
    Optional<ShadowRecord> found = shadow.find(name).flatMap(ShadowRecord::parse);
    return found.isPresent() || !asksNames ? found : NameService.shadow(name);
  }

  /**
   * Hands over every user of the file, none of the name service.
   *
   * @throws TemporaryFailureException if it cannot be read
   */
  void forEach(Consumer<SystemUser> action) throws TemporaryFailureException {
    passwd.forEach(
        (name, line) -> {
          SystemUser.parse(line).ifPresent(action);
          return true;
        });
  }

  /**
   * A hash that somebody has: checked for names that are not known, so that it takes as long.
   *
   * @param file either of the two
   * @throws TemporaryFailureException if it cannot be read
   */
  static Optional<String> typicalHash(PasswdFile file) throws TemporaryFailureException {
    String[] found = new String[1];
    file.forEach(
        (name, line) -> {
          String hash = line.split(":", 3)[1];
          found[0] = PasswordHash.defect(hash).isEmpty() ? hash : null;
          return found[0] == null;
        });
    return Optional.ofNullable(found[0]);
  }
}
