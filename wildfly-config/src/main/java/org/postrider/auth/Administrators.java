package org.postrider.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

/**
 * Those who may sign in to the console: {@code etc/administrators}, in the text form of {@link
 * Userdb}.
 *
 * <pre>
 * name TAB systempw=$6$... "|" roles=administrator[,...] LF
 * </pre>
 *
 * <p>The file may have no permission for group or world (mode 600), and a symbolic link in its
 * place is refused. It is read again when it changes. It is written whole under another name,
 * synced and renamed, holding a lock on {@code .lock.administrators} beside it, so that of two
 * programs only one adds the first administrator; a crash leaves the old file or the new one. No
 * other program reads it. Any thread may use this.
 */
public final class Administrators {

  /** The role that may do everything. */
  public static final String ADMINISTRATOR = "administrator";

  /** The shortest password of an administrator, in characters. */
  public static final int PASSWORD_MIN_CHARACTERS = 12;

  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._@+-]{0,63}");
  private static final ReentrantLock WRITING = new ReentrantLock();

  private final Path file;
  private final Userdb records;

  private Administrators(Path file) {
    this.file = file;
    this.records = Userdb.ofText(file);
  }

  /**
   * The administrators of a data directory.
   *
   * @param home the data directory
   */
  public static Administrators in(Path home) {
    return new Administrators(home.resolve("etc").resolve("administrators").toAbsolutePath());
  }

  /**
   * Whether there is none yet, so that the console needs its set-up code.
   *
   * @throws TemporaryFailureException if the file cannot be read or others may read it
   */
  public boolean isEmpty() throws TemporaryFailureException {
    return Files.notExists(file) || records.size() == 0;
  }

  /**
   * The record of an administrator.
   *
   * @throws TemporaryFailureException if the file cannot be read or others may read it
   */
  public Optional<UserdbRecord> find(String name) throws TemporaryFailureException {
    return Files.notExists(file) ? Optional.empty() : records.lookup(name);
  }

  /** The roles in a record, in the order written. */
  public static List<String> roles(UserdbRecord record) {
    return Arrays.stream(record.field("roles").orElse("").split(","))
        .map(String::strip)
        .filter(role -> !role.isEmpty())
        .distinct()
        .toList();
  }

  /**
   * Adds the first administrator, with the role {@value #ADMINISTRATOR}. When this returns, the
   * record outlasts a power cut.
   *
   * @param name 1 to 64 letters, digits and {@code . _ @ + -}
   * @param password at least {@value #PASSWORD_MIN_CHARACTERS} characters; is not changed, the
   *     caller overwrites it
   * @return false, and nothing is changed, if there is an administrator already
   * @throws IllegalArgumentException if name or password cannot be used; the text tells a person
   *     what may be
   * @throws TemporaryFailureException if the file that is there cannot be read or others may read
   *     it
   * @throws IOException if it cannot be written
   */
  public boolean addFirst(String name, char[] password)
      throws IOException, TemporaryFailureException {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "A name has 1 to 64 letters, digits and . _ @ + - and begins with a letter or digit.");
    }
    if (password.length < PASSWORD_MIN_CHARACTERS) {
      throw new IllegalArgumentException(
          "A password has at least " + PASSWORD_MIN_CHARACTERS + " characters.");
    }
    for (char character : password) {
      if (character < ' ' || character == 0x7F) {
        throw new IllegalArgumentException("A password has no control characters.");
      }
    }
    String line =
        name + "\tsystempw=" + PasswordHash.create(password) + "|roles=" + ADMINISTRATOR + "\n";
    WRITING.lock();
    try (FileChannel channel = lockFile();
        FileLock held = channel.lock()) {
      if (!held.isValid() || !isEmpty()) {
        return false;
      }
      DataDirectory.write(file, line.getBytes(UTF_8));
      return true;
    } finally {
      WRITING.unlock();
    }
  }

  private FileChannel lockFile() throws IOException {
    return FileChannel.open(
        file.resolveSibling(".lock." + file.getFileName()),
        Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }
}
