package org.postrider.tool;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.postrider.tool.command.Places;
import org.postrider.tool.command.Terminal;

/**
 * Part of the installation: has the tools do what they do all day, on accounts of its own, while
 * the JVM notes which classes that takes ({@code -XX:AOTCacheOutput}). With that cache beside the
 * jars they start in two thirds of the time; without it, or on another Java, they work as well.
 */
public final class Rehearsal {

  private Rehearsal() {}

  /** No arguments. */
  public static void main(String[] arguments) throws IOException {
    Path home = Files.createTempDirectory("postrider-rehearsal");
    try {
      Path etc = Files.createDirectory(home.resolve("etc"));
      Files.writeString(etc.resolve("authdaemonrc"), "authmodulelist=\"authuserdb\"\n");
      Places places = new Places(Map.of("POSTRIDER_HOME", home.toString()), home);
      for (String command :
          List.of(
              "userdb john set uid=1 gid=2 systempw=$1$LwTxajvv$H0QxZVtOtTgOP8kdzWQpd/ home",
              "userdb -show john",
              "userdb john unset shell",
              "userdbpw -md5",
              "userdbpw -sha512",
              "userdbpw -hmac-sha256",
              "authpasswd ssha",
              "makeuserdb",
              "authtest john",
              "authtest john secret",
              "authenumerate -o",
              "authinfo",
              "maildirmake -q 1000S " + home.resolve("Maildir"),
              "maildirmake -f Sent " + home.resolve("Maildir"),
              "deliverquota -w 90 " + home.resolve("Maildir"),
              "maildirkw -a " + home.resolve("Maildir") + " 1.m work",
              "maildirkw -L " + home.resolve("Maildir"),
              "maildiracl -set " + home.resolve("Maildir") + " INBOX.Sent user=ann lr",
              "maildiracl -list " + home.resolve("Maildir") + " INBOX.Sent")) {
        run(command, places);
      }
    } finally {
      try (var all = Files.walk(home)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  private static void run(String command, Places places) {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, UTF_8);
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream("secret\n".getBytes(US_ASCII)),
            nowhere,
            nowhere,
            false,
            false);
    List<String> words = List.of(command.split(" "));
    Tools.run(words.getFirst(), words.subList(1, words.size()), terminal, places);
  }
}
