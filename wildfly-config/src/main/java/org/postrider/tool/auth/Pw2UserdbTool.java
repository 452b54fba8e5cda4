package org.postrider.tool.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postrider.tool.command.Manual;
import org.postrider.tool.command.Places;
import org.postrider.tool.command.Terminal;
import org.postrider.tool.command.Tool;
import org.postrider.tool.command.ToolException;

/** {@code pw2userdb}: the accounts of a passwd file as records of userdb. */
final class Pw2UserdbTool implements Tool {

  private static final int WRONG_OPTIONS = 255;
  private static final int NOT_THERE = 2;
  private static final int NOT_ALLOWED = 13;

  @Override
  public Manual manual() {
    return Manual.of("pw2userdb", 8, "prints the system's accounts as records of userdb")
        .use(
            "[--passwd=FILE] [--shadow=FILE | --noshadow] [--nouid] [--domain=DOMAIN]"
                + " [--vpopuid]")
        .use("--help")
        .text(
            "Prints two lines for each account in /etc/passwd: its record, and one by which the"
                + " name of a uid is found. The password hash comes from /etc/shadow if the"
                + " account is there. A | in the full name becomes a full stop.")
        .lines("umask 077; pw2userdb > userdb; makeuserdb")
        .chapter("OPTIONS")
        .item("--passwd=FILE", "Accounts from this file.")
        .item("--shadow=FILE", "Hashes from this file; one that is not there is passed over.")
        .item("--noshadow", "No hashes but those in the passwd file itself.")
        .item("--nouid", "Without the lines for uids.")
        .item("--domain=DOMAIN", "With @DOMAIN after every name.")
        .item("--vpopuid", "All accounts get uid and gid of the system's user vpopmail.")
        .chapter("EXIT STATUS")
        .item("0", "Everything was printed.")
        .item("2, 13", "A file is not there, or may not be read.")
        .item("255", "Wrong options.")
        .chapter("DIFFERENCES FROM COURIER")
        .text(
            "Accounts come in the order of the file, and of two with one name the last counts, as"
                + " there. A line that has no uid, gid and home, such as the + of NIS, is left"
                + " out: Courier prints a record that nobody can sign in with. If there is no"
                + " user vpopmail, --vpopuid is an error.")
        .see("makeuserdb(8)", "userdb(8)", "vchkpw2userdb(8)");
  }

  @Override
  public int run(List<String> arguments, Terminal terminal, Places places)
      throws IOException, ToolException {
    Map<String, String> given =
        LongOptions.read(
            arguments,
            List.of("passwd=", "shadow=", "noshadow", "nouid", "domain=", "vpopuid"),
            WRONG_OPTIONS);
    String domain = given.getOrDefault("domain", "");
    Optional<SystemUser> owner =
        given.containsKey("vpopuid") ? SystemUser.find("vpopmail") : Optional.empty();
    if (given.containsKey("vpopuid") && owner.isEmpty()) {
      throw new ToolException(1, "There is no user vpopmail in /etc/passwd: nothing was printed.");
    }
    Optional<Path> shadow =
        given.containsKey("noshadow")
            ? Optional.empty()
            : Optional.of(Path.of(given.getOrDefault("shadow", "/etc/shadow")));
    try {
      print(
          records(Path.of(given.getOrDefault("passwd", "/etc/passwd")), shadow, owner),
          domain.isEmpty() ? "" : "@" + domain,
          !given.containsKey("nouid"),
          terminal.out());
    } catch (NoSuchFileException absent) {
      throw new ToolException(NOT_THERE, ToolException.reason(absent));
    } catch (AccessDeniedException denied) {
      throw new ToolException(NOT_ALLOWED, ToolException.reason(denied));
    }
    return 0;
  }

  /**
   * One account. Texts have one character for each octet, since nobody says in which encoding the
   * file is.
   */
  record Entry(String name, String uid, String gid, String home, String rest) {

    String record(String domain) {
      return name + domain + "\tuid=" + uid + "|gid=" + gid + "|home=" + home + rest + "\n";
    }

    String reverse() {
      return uid + "=\t" + name + "\n";
    }
  }

  /**
   * Reads a passwd file.
   *
   * @param shadow where hashes are; it need not be there
   * @param owner whose uid and gid all get
   */
  static List<Entry> records(Path passwd, Optional<Path> shadow, Optional<SystemUser> owner)
      throws IOException {
    Map<String, String[]> accounts = new LinkedHashMap<>();
    Map<String, String> hashes = new LinkedHashMap<>();
    try (BufferedReader lines = Files.newBufferedReader(passwd, ISO_8859_1)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] column = line.split(":", -1);
        if (!line.startsWith("#") && column.length >= 6 && isAccount(column)) {
          accounts.put(column[0], column);
          if (!column[1].equals("x")) {
            hashes.put(column[0], column[1]);
          }
        }
      }
    }
    if (shadow.isPresent() && Files.isRegularFile(shadow.get())) {
      try (BufferedReader lines = Files.newBufferedReader(shadow.get(), ISO_8859_1)) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          String[] column = line.split(":", 3);
          if (!line.startsWith("#") && column.length > 1) {
            hashes.put(column[0], column[1]);
          }
        }
      }
    }
    List<Entry> entries = new ArrayList<>();
    accounts.forEach(
        (name, column) ->
            entries.add(
                new Entry(
                    name,
                    owner.map(SystemUser::uid).orElse(column[2]),
                    owner.map(SystemUser::gid).orElse(column[3]),
                    column[5],
                    field("shell", column.length > 6 ? column[6] : "")
                        + field("systempw", hashes.getOrDefault(name, ""))
                        + field("gecos", column[4].replace('|', '.')))));
    return entries;
  }

  private static boolean isAccount(String[] column) {
    return !column[0].isEmpty()
        && column[2].matches("[0-9]+")
        && column[3].matches("[0-9]+")
        && !column[5].isEmpty();
  }

  private static String field(String name, String value) {
    return value.isEmpty() ? "" : "|" + name + "=" + value;
  }

  static void print(List<Entry> entries, String domain, boolean reverse, OutputStream out)
      throws IOException {
    for (Entry entry : entries) {
      out.write(entry.record(domain).getBytes(ISO_8859_1));
      if (reverse) {
        out.write(entry.reverse().getBytes(ISO_8859_1));
      }
    }
  }
}
