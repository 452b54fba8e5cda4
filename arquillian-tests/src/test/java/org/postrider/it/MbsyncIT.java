package org.postrider.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Real mail goes in by mbsync and comes out by mbsync, and not an octet is another. */
@ExtendWith(SharedServer.class)
class MbsyncIT {

  private static final Pattern MARK = Pattern.compile("(?m)^X-TUID: .{12}\n");

  private final PostriderServer server;

  MbsyncIT(PostriderServer server) {
    this.server = server;
  }

  @Test
  void realMessagesComeOutByteForByte() throws Exception {
    Path directory = PostriderServer.directory("mbsync");
    Program mbsync = Program.find("mbsync", "isync", directory);
    Map<String, byte[]> messages = RealMessages.all();
    Path original = directory.resolve("original");
    fill(original, messages);
    String account = server.newAccount();

    mbsync.run(List.of("-c", settings(directory, "push", original, account), "all")).succeeded();
    Path copy = directory.resolve("copy");
    Files.createDirectories(copy);
    mbsync.run(List.of("-c", settings(directory, "pull", copy, account), "all")).succeeded();

    List<String> digests = messages.values().stream().map(MbsyncIT::digest).sorted().toList();
    assertThat(digests(copy)).isEqualTo(digests);
    assertThat(digests(server.maildir(account))).as("on the server's disk").isEqualTo(digests);
    assertThat(flagged(copy)).isEqualTo(flagged(original)).isPositive();
  }

  /** A Maildir in mbsync's layout; every seventh message is flagged and seen. */
  private static void fill(Path root, Map<String, byte[]> messages) throws IOException {
    Path inbox = root.resolve("INBOX");
    for (String name : List.of("cur", "new", "tmp")) {
      Files.createDirectories(inbox.resolve(name));
    }
    int number = 0;
    for (byte[] message : messages.values()) {
      String flags = number % 7 == 0 ? "FS" : number % 3 == 0 ? "S" : "";
      String name = "%d.M%dP1.example.org:2,%s".formatted(1_600_000_000 + number, number, flags);
      Files.write(inbox.resolve("cur").resolve(name), message);
      number++;
    }
  }

  private String settings(Path directory, String name, Path local, String account)
      throws IOException {
    Path file = directory.resolve(name + ".rc");
    Files.writeString(
        file,
        """
        IMAPAccount postrider
        Host 127.0.0.1
        Port %d
        User %s
        Pass %s
        SSLType IMAPS
        CertificateFile %s

        IMAPStore remote
        Account postrider

        MaildirStore local
        Path %s/
        Inbox %s/INBOX
        SubFolders Verbatim

        Channel all
        Far :remote:
        Near :local:
        Patterns INBOX
        Create Both
        Sync All
        CopyArrivalDate yes
        SyncState %s/%s.state
        """
            .formatted(
                server.imaps().getPort(),
                account,
                PostriderServer.PASSWORD,
                server.certificate(),
                local,
                local,
                directory,
                name));
    return file.toString();
  }

  /** A digest of each message file below; of two that are the same, two. */
  private static List<String> digests(Path root) throws IOException {
    List<String> digests = new ArrayList<>();
    for (Path file : messageFiles(root)) {
      digests.add(digest(Files.readAllBytes(file)));
    }
    digests.sort(null);
    return digests;
  }

  /** Of the message without the line that mbsync adds to find it again. */
  private static String digest(byte[] message) {
    byte[] bare =
        MARK.matcher(new String(message, ISO_8859_1)).replaceFirst("").getBytes(ISO_8859_1);
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bare));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long flagged(Path root) throws IOException {
    return messageFiles(root).stream()
        .filter(file -> file.toString().matches(".*:2,.*F.*"))
        .count();
  }

  private static List<Path> messageFiles(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> file.getParent().getFileName().toString().matches("cur|new"))
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .toList();
    }
  }
}
