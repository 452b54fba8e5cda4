package org.postrider.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Changes a password in a userdb, as Courier's authuserdb does: the hash that counts for the
 * service, and every other secret of the record that was made of the old password; then it is
 * compiled, if there is a compiled form. Hashes stay of their kind ({@link PasswordKind#after}).
 *
 * @param root the userdb, a file or a directory
 * @param service whose password it is
 */
record UserdbPasswordChange(Path root, String service) {

  private static final int DEPTH_MAX = 16;

  /**
   * Does it.
   *
   * @param record as the server knows it
   * @param oldPassword is not changed
   * @param newPassword is not changed
   * @return false if the old password is wrong, the record has none, or nobody could sign in with
   *     the new one
   * @throws TemporaryFailureException if it could not be written, or not be compiled
   */
  boolean change(UserdbRecord record, char[] oldPassword, char[] newPassword)
      throws TemporaryFailureException {
    Optional<String> stored = record.password(service);
    if (stored.isEmpty() || !PasswordHash.verify(stored.get(), oldPassword)) {
      return false;
    }
    byte[] oldOctets = PasswordHash.octets(oldPassword);
    byte[] newOctets = PasswordHash.octets(newPassword);
    if (newOctets == null || oldOctets == null) {
      return false;
    }
    Map<String, byte[]> values = new LinkedHashMap<>();
    try {
      String field = record.field(service + "pw").isPresent() ? service + "pw" : "systempw";
      values.put(field, ascii(PasswordKind.after(stored.get()).hash(newOctets)));
      for (String prefix : new String[] {service + "-", ""}) {
        for (CramHash hash : CramHash.values()) {
          String name = prefix + hash.field() + "pw";
          Optional<String> known = record.field(name);
          if (known.isPresent() && isSame(CramContext.of(hash, oldOctets).format(), known.get())) {
            values.put(name, ascii(CramContext.of(hash, newOctets).format()));
          }
        }
        for (ScramHash hash : ScramHash.values()) {
          String name = prefix + hash.field() + "pw";
          Optional<ScramSecret> known = record.field(name).flatMap(ScramSecret::parse);
          if (known.isPresent() && isOf(known.get(), oldPassword)) {
            values.put(name, ascii(ScramSecret.of(hash, newPassword).format()));
          }
        }
      }
      write(record, values);
      return true;
    } catch (IllegalArgumentException unusable) {
      return false; // bcrypt takes no more than 72 octets
    } finally {
      Arrays.fill(oldOctets, (byte) 0);
      Arrays.fill(newOctets, (byte) 0);
      values.values().forEach(value -> Arrays.fill(value, (byte) 0));
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }

  private static boolean isSame(String computed, String stored) {
    return MessageDigest.isEqual(ascii(computed), ascii(stored.toLowerCase(Locale.ROOT)));
  }

  private static boolean isOf(ScramSecret secret, char[] password) {
    ScramSecret computed =
        ScramSecret.of(secret.hash(), password, secret.salt(), secret.iterations());
    return MessageDigest.isEqual(ascii(computed.format()), ascii(secret.format()));
  }

  private void write(UserdbRecord record, Map<String, byte[]> values)
      throws TemporaryFailureException {
    try {
      Path file = file(record);
      UserdbEdit.of(file).set(record.name(), values);
    } catch (IOException failed) {
      throw new TemporaryFailureException(
          "The new password of "
              + record.name()
              + " could not be written, and the old one stays: "
              + failed.getMessage(),
          failed);
    }
    if (Files.exists(Userdb.beside(root, ".dat"))) {
      try {
        UserdbCompiler.compile(root, soFar -> {});
      } catch (UserdbCompileException failed) {
        throw new TemporaryFailureException(
            "The new password of "
                + record.name()
                + " is in "
                + root
                + " but could not be compiled, so that the old one still counts until makeuserdb"
                + " has run: "
                + failed.getMessage(),
            failed);
      }
    }
  }

  /**
   * The file of a directory that the record stands in: the compiled form tells, else it is sought.
   */
  private Path file(UserdbRecord record) throws IOException {
    if (!Files.isDirectory(root)) {
      return root;
    }
    String told = record.field("_").orElse("");
    if (!told.isEmpty()) {
      Path file = root.resolve(told).normalize();
      if (file.startsWith(root.normalize()) && has(file, record.name())) {
        return file;
      }
    }
    Search search = new Search(root, record.name());
    Files.walkFileTree(root, Set.of(FileVisitOption.FOLLOW_LINKS), DEPTH_MAX, search);
    if (search.found == null) {
      throw new IOException("there is no such record in " + root + " any more.");
    }
    return search.found;
  }

  private static boolean has(Path file, String name) throws IOException {
    return Files.isRegularFile(file)
        && UserdbEdit.of(file).show(name, OutputStream.nullOutputStream());
  }

  private static final class Search extends SimpleFileVisitor<Path> {

    private final Path root;
    private final String name;
    private Path found;

    Search(Path root, String name) {
      this.root = root;
      this.name = name;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
      return !directory.equals(root) && directory.getFileName().toString().startsWith(".")
          ? FileVisitResult.SKIP_SUBTREE
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      String fileName = file.getFileName().toString();
      if (fileName.startsWith(".") || fileName.contains("~") || !has(file, name)) {
        return FileVisitResult.CONTINUE;
      }
      found = file;
      return FileVisitResult.TERMINATE;
    }
  }
}
