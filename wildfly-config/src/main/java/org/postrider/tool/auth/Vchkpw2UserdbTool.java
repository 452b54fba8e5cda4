package org.postrider.tool.auth;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postrider.tool.command.Manual;
import org.postrider.tool.command.Places;
import org.postrider.tool.command.Terminal;
import org.postrider.tool.command.Tool;
import org.postrider.tool.command.ToolException;

/** {@code vchkpw2userdb}: the accounts of vpopmail as records of userdb. */
final class Vchkpw2UserdbTool implements Tool {

  private static final int WRONG_OPTIONS = 255;
  private static final int DOMAINS_MAX = 100_000;

  @Override
  public Manual manual() {
    return Manual.of("vchkpw2userdb", 8, "prints vpopmail's accounts as records of userdb")
        .use("[--vpopmailhome=DIR] [--todir=DIR] [--help]")
        .text(
            "Reads users/vpasswd and domains/DOMAIN/vpasswd in the home of vpopmail, which have"
                + " the layout of passwd, and prints a record for each account: the name alone"
                + " for users and for the link domains/default, NAME@DOMAIN for every other"
                + " domain. uid and gid are those of the system's user vpopmail, or, if there is"
                + " none, of the vpasswd file.")
        .lines("mkdir -m 700 userdb", "vchkpw2userdb --todir=userdb", "makeuserdb")
        .text(
            "Where the default domain is also a domain of its own, its accounts come twice, with"
                + " and without the domain. No lines are printed by which the name of a uid is"
                + " found.")
        .chapter("OPTIONS")
        .item("--vpopmailhome=DIR", "The home of vpopmail, if it is not that of the user.")
        .item(
            "--todir=DIR",
            "Writes a file for each domain (and users) into DIR, which is made if it is not"
                + " there, and prints nothing. Files get mode 600 and replace those of the same"
                + " name.")
        .chapter("EXIT STATUS")
        .item("0", "Everything was printed or written.")
        .item("1", "A file cannot be read or written, or nothing of vpopmail is found.")
        .item("255", "Wrong options.")
        .chapter("DIFFERENCES FROM COURIER")
        .text(
            "Current Courier no longer has this command; it is the one that its manual describes."
                + " In DIR a symbolic link is left alone: one from default to /dev/null keeps"
                + " accounts from coming twice.")
        .see("pw2userdb(8)", "makeuserdb(8)");
  }

  /**
   * One vpasswd.
   *
   * @param name the file's name in {@code --todir}
   * @param domain with its @, or empty
   */
  private record Source(String name, Path vpasswd, String domain) {}

  @Override
  public int run(List<String> arguments, Terminal terminal, Places places)
      throws IOException, ToolException {
    Map<String, String> given =
        LongOptions.read(arguments, List.of("vpopmailhome=", "todir="), WRONG_OPTIONS);
    Optional<SystemUser> vpopmail = SystemUser.find("vpopmail");
    if (vpopmail.isEmpty() && !given.containsKey("vpopmailhome")) {
      throw new ToolException(
          1, "There is no user vpopmail here: name its home by --vpopmailhome=DIR.");
    }
    Path home =
        given.containsKey("vpopmailhome")
            ? Path.of(given.get("vpopmailhome"))
            : vpopmail.orElseThrow().home();
    List<Source> sources = sources(home);
    if (sources.isEmpty()) {
      throw new ToolException(
          1,
          home
              + " has neither users/vpasswd nor domains/DOMAIN/vpasswd: it is no home of"
              + " vpopmail.");
    }
    if (given.containsKey("todir")) {
      Path directory = directory(Path.of(given.get("todir")));
      for (Source source : sources) {
        write(directory.resolve(source.name), source, vpopmail);
      }
    } else {
      for (Source source : sources) {
        print(source, vpopmail, terminal.out());
      }
    }
    return 0;
  }

  private static List<Source> sources(Path home) throws IOException, ToolException {
    List<Source> sources = new ArrayList<>();
    Path users = home.resolve("users/vpasswd");
    if (Files.isRegularFile(users)) {
      sources.add(new Source("users", users, ""));
    }
    Path domains = home.resolve("domains");
    if (Files.isDirectory(domains)) {
      List<Path> all = new ArrayList<>();
      try (DirectoryStream<Path> stream = Files.newDirectoryStream(domains)) {
        for (Path domain : stream) {
          if (all.size() == DOMAINS_MAX) {
            throw new ToolException(1, domains + " has more than " + DOMAINS_MAX + " entries.");
          }
          all.add(domain);
        }
      }
      Collections.sort(all);
      for (Path domain : all) {
        String name = domain.getFileName().toString();
        Path vpasswd = domain.resolve("vpasswd");
        if (Files.isRegularFile(vpasswd)) {
          sources.add(new Source(name, vpasswd, name.equals("default") ? "" : "@" + name));
        }
      }
    }
    return sources;
  }

  private static void print(Source source, Optional<SystemUser> vpopmail, OutputStream out)
      throws IOException {
    Optional<SystemUser> owner =
        vpopmail.isPresent() ? vpopmail : Optional.of(SystemUser.ownerOf(source.vpasswd));
    Pw2UserdbTool.print(
        Pw2UserdbTool.records(source.vpasswd, Optional.empty(), owner), source.domain, false, out);
  }

  private static Path directory(Path directory) throws IOException {
    try {
      return Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (FileAlreadyExistsException there) {
      return directory;
    }
  }

  /** Whole or not at all; a file that links to /dev/null stays one, as Courier's manual advises. */
  private static void write(Path file, Source source, Optional<SystemUser> vpopmail)
      throws IOException {
    if (Files.isSymbolicLink(file)) {
      return;
    }
    Path draft = file.resolveSibling(".tmp." + file.getFileName());
    Files.deleteIfExists(draft);
    try {
      Files.createFile(
          draft,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      try (OutputStream out =
          new BufferedOutputStream(Files.newOutputStream(draft, StandardOpenOption.WRITE))) {
        print(source, vpopmail, out);
      }
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(draft);
    }
  }
}
