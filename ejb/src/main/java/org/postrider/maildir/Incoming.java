package org.postrider.maildir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.postrider.protocol.Flags;

/**
 * A message on its way into a folder: a file that no folder shows yet. Closed before it was
 * published, it is gone without a trace.
 *
 * <p>On disk a line ends in LF: of the CRLF that comes from a client the CR is left out. A CR
 * anywhere else stays, and so do two and more before an LF, so that LF widened to CRLF on the way
 * out (where no CR stands before it) gives back what came. A missing last line end stays missing.
 *
 * <p>Used by one thread at a time.
 */
public final class Incoming implements AutoCloseable {

  private static final int BUFFER_OCTETS = 16 * 1024;

  private static final int KIND = 0170000;
  private static final int KIND_FILE = 0100000;

  /** Octets of files that nobody touched for so long are on the medium, whoever wrote them. */
  private static final long YOUNG_MILLIS = 120_000;

  private final Disk disk;
  private final Path folder;
  private final UniqueNames.UniqueName name = UniqueNames.message();
  private final Path file;
  private final boolean ours;
  private final Flags flags;
  private final FileTime date;
  private FileChannel channel;
  private ByteBuffer out;
  private int returns;
  private long wireSize;
  private long octets;
  private Quota.Reservation reservation;
  private String base;
  private boolean unsynced;
  private boolean plain;
  private boolean owners;
  private boolean published;

  private Incoming(
      Disk disk, Path folder, Path existing, Flags flags, Instant date, long wireSize) {
    this.disk = disk;
    this.folder = folder;
    this.ours = existing == null;
    this.file = ours ? folder.resolve("tmp").resolve(name.scratch()) : existing;
    this.flags = flags;
    this.date = date == null ? null : FileTime.from(date);
    this.wireSize = wireSize;
  }

  /** A message that a client sends; its date is now where none is given. */
  static Incoming receive(Disk disk, Path folder, Flags flags, Instant date) throws IOException {
    Incoming message = new Incoming(disk, folder, null, flags, date, 0);
    message.channel = disk.create(message.file);
    message.out = ByteBuffer.allocate(BUFFER_OCTETS);
    return message;
  }

  /** A copy of a message: octet for octet, with its date. */
  static Incoming copy(
      Disk disk, Path folder, FileChannel source, Flags flags, Instant date, long wireSize)
      throws IOException {
    Incoming message = new Incoming(disk, folder, null, flags, date, wireSize);
    try {
      message.channel = disk.create(message.file);
      disk.copy(source, message.channel);
      message.finish();
    } catch (IOException e) {
      message.close();
      throw e;
    }
    return message;
  }

  /** The very file of a message of another folder, on the same file system. */
  static Incoming existing(Disk disk, Path folder, Path source, Flags flags, long wireSize)
      throws IOException {
    Incoming message = new Incoming(disk, folder, source, flags, null, wireSize);
    message.identify();
    return message;
  }

  /**
   * Takes the next octets, lines ending in CRLF.
   *
   * @throws IOException where they can't be written; the message is then of no use any more
   */
  public void write(ByteBuffer octets) throws IOException {
    while (octets.hasRemaining()) {
      byte b = octets.get();
      if (b == '\r') {
        returns++;
        continue;
      }
      boolean lineEnd = b == '\n';
      if (lineEnd && returns == 1) {
        returns = 0;
      }
      boolean widened = lineEnd && returns == 0;
      putReturns();
      put(b);
      wireSize += widened ? 1 : 0;
    }
  }

  private void putReturns() throws IOException {
    while (returns > 0) {
      returns--;
      put((byte) '\r');
    }
  }

  private void put(byte b) throws IOException {
    if (!out.hasRemaining()) {
      flush();
    }
    out.put(b);
    wireSize++;
  }

  private void flush() throws IOException {
    disk.write(channel, out.flip());
    out.clear();
  }

  /** True where a file of ours went with its folder, whatever is there under that name by now. */
  static boolean isOneLost(List<Incoming> messages) throws IOException {
    for (Incoming message : messages) {
      if (message.isOurs() && message.disk.stat(message.file()) == null) {
        return true;
      }
    }
    return false;
  }

  /** Nothing follows for any of them: everything goes to the medium, once for all. */
  static void seal(List<Incoming> messages) throws IOException {
    List<Path> unsynced = new ArrayList<>();
    for (Incoming message : messages) {
      message.seal();
      if (message.unsynced) {
        unsynced.add(message.file);
      }
    }
    if (!unsynced.isEmpty()) {
      messages.get(0).disk.forceAll(unsynced);
    }
  }

  /** Nothing follows: everything goes to the medium. Idempotent. */
  void seal() throws IOException {
    if (base != null) {
      return;
    }
    flushAll();
    setDate();
    disk.forceShared(channel, file);
    channel.close();
    identify();
    unsynced = false;
  }

  private void flushAll() throws IOException {
    if (out != null) {
      putReturns();
      flush();
      out = null;
    }
  }

  /** Nothing follows; it is synced when it is published, together with others. */
  public void finish() throws IOException {
    flushAll();
    setDate();
    channel.close();
    identify();
  }

  /**
   * Its octets, lines ending in LF, once nothing follows: before it is seen, and in {@link
   * Prelude#run} at the latest.
   *
   * @return to be closed
   */
  public FileChannel reading() throws IOException {
    seal();
    return disk.open(file);
  }

  private void setDate() throws IOException {
    if (date != null) {
      disk.setTimes(file, date);
    }
  }

  private void identify() throws IOException {
    Map<String, Object> numbers = disk.numbers(file);
    plain = ((Integer) numbers.get("mode") & KIND) == KIND_FILE;
    owners = Integer.toUnsignedLong((Integer) numbers.get("uid")) == disk.owner().uid();
    long changed = ((FileTime) numbers.get("ctime")).toMillis();
    unsynced = Math.abs(System.currentTimeMillis() - changed) < YOUNG_MILLIS;
    octets = ((Number) numbers.get("size")).longValue();
    base =
        name.base(
            ((Number) numbers.get("dev")).longValue(),
            ((Number) numbers.get("ino")).longValue(),
            octets);
  }

  /** False where its name stands for something else than a file: that is no message. */
  boolean isPlain() {
    return plain;
  }

  /** True for a file of the folder's owner. */
  boolean isOwners() {
    return owners;
  }

  /** The file as it is before it is published. */
  Path file() {
    return file;
  }

  /** False for another folder's message, which is to stay where it is until it is numbered here. */
  boolean isOurs() {
    return ours;
  }

  /** The directory of the folder it goes to. */
  public Path folder() {
    return folder;
  }

  /** Its name, once it is sealed. */
  String base() {
    return base;
  }

  Flags flags() {
    return flags;
  }

  /** Octets on disk, once it is sealed. */
  long octets() {
    return octets;
  }

  /** Room that is kept for it until it is counted or given up. */
  void keeping(Quota.Reservation room) {
    reservation = room;
  }

  void endReservation() {
    if (reservation != null) {
      reservation.close();
      reservation = null;
    }
  }

  /** Octets on the wire, or {@link MessageTable#UNKNOWN}. */
  long wireSize() {
    return wireSize;
  }

  /** Internal date in seconds, or {@link MessageTable#UNKNOWN}. */
  long date() {
    return date == null ? MessageTable.UNKNOWN : date.toInstant().getEpochSecond();
  }

  /** It is in its folder; its scratch file goes. */
  void published() {
    published = true;
    if (ours) {
      disk.tidy(file);
    }
  }

  @Override
  public void close() throws IOException {
    endReservation();
    if (channel != null) {
      channel.close();
    }
    if (ours && !published) {
      disk.tidy(file);
    }
  }
}
