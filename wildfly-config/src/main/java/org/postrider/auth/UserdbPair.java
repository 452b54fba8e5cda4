package org.postrider.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One state of a userdb's compiled form, open: {@code userdb.dat} and {@code userdbshadow.dat},
 * which {@link UserdbCompiler} describes, from there or from Courier's makeuserdb. Any thread may
 * use it between {@link #enter} and {@link #leave}; the files are closed when it is retired and
 * nobody is in it any more.
 *
 * <p>Passwords count from {@code userdbshadow.dat} alone. Reverse maps and lines that had no TAB
 * are no records.
 *
 * <p>Nothing of the files is kept in memory: a lookup reads them six times, which takes some
 * microseconds, and leaves the rest to the operating system's cache.
 */
final class UserdbPair implements UserdbSource {

  private static final Logger LOG = System.getLogger(UserdbPair.class.getName());

  private static final int SAMPLES_MAX = 100;
  private static final int OTHERS_MASK = 0007;

  private final Path dat;
  private final Path shadowDat;
  private final FileStamp datStamp;
  private final FileStamp shadowStamp;
  private final GdbmReader open;
  private final Optional<GdbmReader> secret;

  private int users;
  private boolean retired;
  private volatile String typicalHash;
  private volatile int size = -1;

  private UserdbPair(
      Path root,
      FileStamp datStamp,
      FileStamp shadowStamp,
      GdbmReader open,
      Optional<GdbmReader> secret) {
    this.dat = Userdb.beside(root, ".dat");
    this.shadowDat = Userdb.beside(root, "shadow.dat");
    this.datStamp = datStamp;
    this.shadowStamp = shadowStamp;
    this.open = open;
    this.secret = secret;
  }

  /**
   * Opens the files.
   *
   * @param root the userdb that they stand beside
   * @param datStamp what userdb.dat is
   * @param shadowStamp what userdbshadow.dat is; it may be absent
   * @throws NoSuchFileException if one was there and is not any more
   * @throws TemporaryFailureException if they cannot be read, or others may read the passwords
   */
  static UserdbPair open(Path root, FileStamp datStamp, FileStamp shadowStamp)
      throws NoSuchFileException, TemporaryFailureException {
    Path shadowDat = Userdb.beside(root, "shadow.dat");
    if ((shadowStamp.mode() & OTHERS_MASK) != 0) {
      throw new TemporaryFailureException(
          shadowDat + ": MAY NOT HAVE WORLD PERMISSIONS!! Run: chmod 600 " + shadowDat);
    }
    GdbmReader open = reader(Userdb.beside(root, ".dat"));
    try {
      Optional<GdbmReader> secret =
          shadowStamp.isAbsent() ? Optional.empty() : Optional.of(reader(shadowDat));
      return new UserdbPair(root, datStamp, shadowStamp, open, secret);
    } catch (NoSuchFileException | TemporaryFailureException refused) {
      close(open);
      throw refused;
    }
  }

  private static GdbmReader reader(Path file)
      throws NoSuchFileException, TemporaryFailureException {
    try {
      return GdbmReader.open(file);
    } catch (NoSuchFileException gone) {
      throw gone;
    } catch (GdbmException refused) {
      throw new TemporaryFailureException(refused.getMessage(), refused);
    } catch (AccessDeniedException denied) {
      throw new TemporaryFailureException(
          file
              + " cannot be read by the user that this server runs as: make that user the owner of"
              + " the userdb and run makeuserdb.",
          denied);
    } catch (IOException failed) {
      throw new TemporaryFailureException(file + " cannot be read: " + failed.getMessage(), failed);
    }
  }

  /** Whether these are the files that were opened, and they are still open. */
  boolean isCurrent(FileStamp dat, FileStamp shadow) {
    return datStamp.equals(dat) && shadowStamp.equals(shadow) && isOpen();
  }

  /** False once a thread was interrupted while it read. */
  boolean isOpen() {
    return open.isOpen() && secret.map(GdbmReader::isOpen).orElse(true);
  }

  /**
   * Whether both files are of one run of makeuserdb, as far as that can be told: of Courier's, not.
   */
  boolean isOfOneRun() throws TemporaryFailureException {
    try {
      return secret.isEmpty() || open.mark().equals(secret.get().mark());
    } catch (IOException failed) {
      throw failure(failed);
    }
  }

  /** Whether both files have the mark of one run, which Courier does not write. */
  boolean isMarked() throws TemporaryFailureException {
    try {
      return isOfOneRun() && open.mark().isPresent();
    } catch (IOException failed) {
      throw failure(failed);
    }
  }

  /** Tells the log what a person should know of these files. */
  void tell() throws TemporaryFailureException {
    if (secret.isEmpty()) {
      LOG.log(
          Level.WARNING,
          "{0} is not there, so no account of {1} has a password. Run makeuserdb.",
          shadowDat,
          dat);
    } else if (!isOfOneRun()) {
      LOG.log(
          Level.WARNING,
          "{0} and {1} are not of one run of makeuserdb: it was stopped between them, or only one"
              + " was copied here. New passwords go with old accounts. Run makeuserdb.",
          dat,
          shadowDat);
    }
  }

  /** Whether the text was written after these files were made. */
  boolean isOlderThan(FileStamp text) {
    return text.modified() > datStamp.modified();
  }

  /**
   * Keeps the files open.
   *
   * @return false if they are retired
   */
  synchronized boolean enter() {
    if (retired) {
      return false;
    }
    users++;
    return true;
  }

  /** Ends what {@link #enter} began. */
  synchronized void leave() {
    users--;
    closeUnused();
  }

  /** Closes the files when the last user has left. */
  synchronized void retire() {
    retired = true;
    closeUnused();
  }

  private void closeUnused() {
    if (retired && users == 0) {
      close(open);
      secret.ifPresent(UserdbPair::close);
    }
  }

  private static void close(GdbmReader reader) {
    try {
      reader.close();
    } catch (IOException harmless) {
      LOG.log(Level.DEBUG, "Closing a file of the userdb failed", harmless);
    }
  }

  @Override
  public Optional<UserdbRecord> find(String name) throws TemporaryFailureException {
    byte[] key = name.getBytes(UTF_8);
    if (key.length == 0 || key.length > NAME_MAX_OCTETS || isReverseMap(key)) {
      return Optional.empty();
    }
    try {
      Optional<byte[]> fields = open.get(key).filter(UserdbPair::isRecord);
      return fields.isPresent() ? Optional.of(record(key, fields.get())) : Optional.empty();
    } catch (IOException failed) {
      throw failure(failed);
    }
  }

  @Override
  public void forEach(Consumer<UserdbRecord> action) throws TemporaryFailureException {
    try {
      open.forEach(
          GdbmReader.ALL,
          (key, fields) -> {
            if (isRecord(fields) && !isReverseMap(key)) {
              action.accept(record(key, fields));
            }
            return true;
          });
    } catch (IOException failed) {
      throw failure(failed);
    }
  }

  /** Counted when first asked for; only what might be a reverse map is looked at. */
  @Override
  public int size() throws TemporaryFailureException {
    if (size < 0) {
      int[] count = new int[1];
      try {
        open.forEach(
            (keyStart, keyLength, valueLength) -> {
              if (valueLength <= 1) {
                return false;
              }
              if ((keyStart >>> 24) >= '0' && (keyStart >>> 24) <= '9') {
                return true;
              }
              count[0]++;
              return false;
            },
            (key, fields) -> {
              count[0] += isReverseMap(key) ? 0 : 1;
              return true;
            });
      } catch (IOException failed) {
        throw failure(failed);
      }
      size = count[0];
    }
    return size;
  }

  @Override
  public String typicalHash() throws TemporaryFailureException {
    if (typicalHash == null) {
      String[] found = {PasswordHash.NOBODY};
      int[] samples = new int[1];
      try {
        if (secret.isPresent()) {
          secret
              .get()
              .forEach(
                  GdbmReader.ALL,
                  (key, fields) -> {
                    Optional<String> hash = hash(fields);
                    hash.ifPresent(usable -> found[0] = usable);
                    return hash.isEmpty() && ++samples[0] < SAMPLES_MAX;
                  });
        }
      } catch (IOException failed) {
        throw failure(failed);
      }
      typicalHash = found[0];
    }
    return typicalHash;
  }

  private static Optional<String> hash(byte[] fields) {
    return UserdbRecord.parse("", new String(fields, UTF_8)).fields().entrySet().stream()
        .filter(field -> field.getKey().endsWith("pw"))
        .map(Map.Entry::getValue)
        .filter(value -> PasswordHash.defect(value).isEmpty())
        .findFirst();
  }

  private UserdbRecord record(byte[] key, byte[] fields) throws IOException {
    String name = new String(key, UTF_8);
    Map<String, String> joined =
        new LinkedHashMap<>(UserdbRecord.parse(name, new String(fields, UTF_8)).fields());
    joined.keySet().removeIf(field -> field.endsWith("pw"));
    Optional<byte[]> secrets = secret.isPresent() ? secret.get().get(key) : Optional.empty();
    if (secrets.isPresent()) {
      UserdbRecord.parse(name, new String(secrets.get(), UTF_8)).fields().entrySet().stream()
          .filter(field -> field.getKey().endsWith("pw"))
          .forEach(field -> joined.put(field.getKey(), field.getValue()));
    }
    return new UserdbRecord(name, joined);
  }

  /** What a line without TAB becomes is {@code 1}; a record has {@code _=} at least. */
  private static boolean isRecord(byte[] fields) {
    return fields.length > 1;
  }

  /** {@code 5001=}: serves programs that ask whose a uid is, never a sign-in. */
  private static boolean isReverseMap(byte[] key) {
    int digits = 0;
    while (digits < key.length && key[digits] >= '0' && key[digits] <= '9') {
      digits++;
    }
    return digits > 0 && digits == key.length - 1 && key[digits] == '=';
  }

  private TemporaryFailureException failure(IOException failed) {
    return new TemporaryFailureException(
        switch (failed) {
          case GdbmException damaged -> damaged.getMessage();
          case ClosedByInterruptException interrupted -> "Interrupted while reading " + dat + ".";
          case ClosedChannelException closed ->
              dat + " was closed by a sign-in that was interrupted; the next one opens it again.";
          default -> dat + " cannot be read: " + failed.getMessage();
        },
        failed);
  }
}
