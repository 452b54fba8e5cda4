package org.postrider.maildir;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** What somebody may put where the store expects something else. */
enum HostileThing {
  NOTHING,
  EMPTY_FILE,
  GARBAGE,
  SPARSE_2_GB,
  ENDLESS_LINE,
  EMPTY_DIRECTORY,
  DEEP_DIRECTORY,
  DANGLING_LINK,
  LINK_TO_ITSELF,
  LINK_TO_THE_VICTIM,
  LINK_TO_A_DEVICE,
  PIPE,
  SOCKET;

  /**
   * Puts it there.
   *
   * @param place where nothing is
   * @param victim what another account has in the same place
   */
  void put(Path place, Path victim) throws IOException, InterruptedException {
    switch (this) {
      case NOTHING -> {}
      case EMPTY_FILE -> Files.createFile(place);
      case GARBAGE -> Files.write(place, garbage());
      case SPARSE_2_GB -> {
        try (RandomAccessFile file = new RandomAccessFile(place.toFile(), "rw")) {
          file.setLength(2L << 30);
        }
      }
      case ENDLESS_LINE -> Files.writeString(place, "1 ".repeat(500_000));
      case EMPTY_DIRECTORY -> Files.createDirectory(place);
      case DEEP_DIRECTORY -> Files.createDirectories(place.resolve("d/".repeat(100)));
      case DANGLING_LINK ->
          Files.createSymbolicLink(
              place, victim.resolveSibling("not-there-" + place.getFileName()));
      case LINK_TO_ITSELF -> Files.createSymbolicLink(place, place);
      case LINK_TO_THE_VICTIM -> Files.createSymbolicLink(place, victim);
      case LINK_TO_A_DEVICE -> Files.createSymbolicLink(place, Path.of("/dev/zero"));
      case PIPE -> {
        if (new ProcessBuilder("mkfifo", place.toString()).inheritIO().start().waitFor() != 0) {
          throw new IOException("mkfifo failed");
        }
      }
      case SOCKET -> {
        // Bound by a short name: the length of a socket's path is limited.
        Path bound = Files.createTempDirectory(Path.of("/tmp"), "s").resolve("s");
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
          socket.bind(UnixDomainSocketAddress.of(bound));
          new ProcessBuilder("mv", bound.toString(), place.toString())
              .inheritIO()
              .start()
              .waitFor();
        }
        Files.delete(bound.getParent());
      }
    }
  }

  private static byte[] garbage() {
    byte[] octets = new byte[50_000];
    long seed = 4711;
    for (int i = 0; i < octets.length; i++) {
      seed = seed * 6364136223846793005L + 1442695040888963407L;
      octets[i] = seed >>> 60 == 0 ? (byte) '\n' : (byte) (seed >>> 56);
    }
    return octets;
  }
}
