package org.postrider.auth.vpopmail;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.postrider.auth.StoredAccount;
import org.postrider.auth.TemporaryFailureException;
import org.postrider.auth.system.PasswdFile;

/**
 * The files of a vpopmail, which are read anew for each question:
 *
 * <pre>
 * users/vpasswd.cdb, users/vpasswd                names without a domain: key is the name, data the rest of the line
 * domains/DOMAIN/vpasswd.cdb, .../vpasswd         those of a domain, or of domains/C/DOMAIN where there are many
 * etc/defaultdomain, domains/default              the domain of a name without one that is not in users
 * /var/qmail/users/assign.cdb, .../assign         +ALIAS-:DOMAIN:UID:GID:DIRECTORY:-::, where qmail is
 * </pre>
 *
 * @param home of vpopmail
 * @param owner of the files where {@code assign} names none
 * @param assign qmail's file, which need not be there
 */
record VpopmailHome(Path home, Optional<Vpasswd.Owner> owner, Path assign) {

  private static final Pattern DOMAIN = Pattern.compile("[a-z0-9_][a-z0-9._-]{0,254}");
  private static final int DOMAINS_MAX = 100_000;
  private static final int DEFAULT_DOMAIN_MAX_OCTETS = 300;

  /**
   * Where a domain is.
   *
   * @param name its own, not the alias'; empty for {@code users}
   */
  private record Domain(String name, Path directory, Optional<Vpasswd.Owner> owner) {}

  /**
   * An account.
   *
   * @param name with a domain after {@code @} or {@code %}, or without one; in either case
   * @throws TemporaryFailureException if a file cannot be read
   */
  Optional<StoredAccount> find(String name) throws TemporaryFailureException {
    String lower = name.toLowerCase(Locale.ROOT);
    int at = Math.max(lower.lastIndexOf('@'), lower.lastIndexOf('%'));
    String local = at < 0 ? lower : lower.substring(0, at);
    if (local.isEmpty() || local.indexOf(':') >= 0) {
      return Optional.empty();
    }
    try {
      if (at >= 0) {
        Optional<Domain> domain = domain(lower.substring(at + 1));
        return domain.isPresent() ? find(domain.get(), local) : Optional.empty();
      }
      Optional<StoredAccount> user = find(new Domain("", home.resolve("users"), owner), local);
      if (user.isPresent()) {
        return user;
      }
      Optional<String> byDefault = defaultDomain();
      Optional<Domain> domain = byDefault.isPresent() ? domain(byDefault.get()) : Optional.empty();
      return domain.isPresent() ? find(domain.get(), local) : Optional.empty();
    } catch (IOException failed) {
      throw unreadable(failed);
    }
  }

  private TemporaryFailureException unreadable(IOException failed) {
    return new TemporaryFailureException(
        "authvchkpw: a file of vpopmail in "
            + home
            + " cannot be used: "
            + (failed instanceof AccessDeniedException
                ? failed.getMessage()
                    + " may not be read by the server's user; run it as root or as vpopmail"
                : failed.getMessage())
            + ".",
        failed);
  }

  private Optional<StoredAccount> find(Domain domain, String local) throws IOException {
    Path database = domain.directory.resolve("vpasswd.cdb");
    Optional<String> line;
    try {
      line =
          Cdb.find(database, local.getBytes(UTF_8))
              .map(data -> new String(data, UTF_8))
              .map(data -> data.startsWith(local + ":") ? data : local + ":" + data);
    } catch (NoSuchFileException | NotDirectoryException none) {
      line = text(domain, local);
    }
    Optional<Vpasswd> found = line.flatMap(Vpasswd::parse);
    return found.isEmpty()
        ? Optional.empty()
        : found.get().account(address(local, domain), ownerOf(domain));
  }

  private static Optional<String> text(Domain domain, String local) throws IOException {
    try {
      return PasswdFile.find(domain.directory.resolve("vpasswd"), local);
    } catch (NoSuchFileException | NotDirectoryException none) {
      return Optional.empty();
    }
  }

  private static String address(String local, Domain domain) {
    return domain.name.isEmpty() ? local : local + "@" + domain.name;
  }

  /** As {@code assign} says, else vpopmail's user, else whose the file is. */
  private static Vpasswd.Owner ownerOf(Domain domain) throws IOException {
    if (domain.owner.isPresent()) {
      return domain.owner.get();
    }
    Map<String, Object> found = Files.readAttributes(domain.directory, "unix:uid,gid");
    return new Vpasswd.Owner(found.get("uid").toString(), found.get("gid").toString());
  }

  /** A domain or an alias of one, in small letters; empty if it is none. */
  private Optional<Domain> domain(String name) throws IOException {
    if (!DOMAIN.matcher(name).matches()) {
      return Optional.empty(); // nor a path
    }
    Optional<Domain> assigned = assigned(name);
    if (assigned.isPresent()) {
      return assigned;
    }
    for (Path directory :
        new Path[] {
          home.resolve("domains").resolve(name),
          home.resolve("domains").resolve(name.substring(0, 1)).resolve(name)
        }) {
      if (Files.isDirectory(directory)) {
        // An alias may be a symbolic link, whose target has the accounts' own name.
        Path real = directory.toRealPath();
        return Optional.of(new Domain(real.getFileName().toString(), real, owner));
      }
    }
    return Optional.empty();
  }

  private Optional<Domain> assigned(String name) throws IOException {
    Path database = assign.resolveSibling(assign.getFileName() + ".cdb");
    try {
      return Cdb.find(database, ("!" + name + "-").getBytes(ISO_8859_1))
          .flatMap(data -> assigned(new String(data, ISO_8859_1).split("\0", -1), 0));
    } catch (NoSuchFileException | NotDirectoryException none) {
      try {
        return PasswdFile.find(assign, "+" + name + "-")
            .flatMap(line -> assigned(line.split(":", -1), 1));
      } catch (NoSuchFileException | NotDirectoryException noneEither) {
        return Optional.empty();
      }
    }
  }

  private static Optional<Domain> assigned(String[] column, int first) {
    if (column.length < first + 4
        || !DOMAIN.matcher(column[first]).matches()
        || !column[first + 3].startsWith("/")) {
      return Optional.empty();
    }
    return Optional.of(
        new Domain(
            column[first],
            Path.of(column[first + 3]),
            Optional.of(new Vpasswd.Owner(column[first + 1], column[first + 2]))));
  }

  private Optional<String> defaultDomain() throws IOException {
    try (InputStream in = Files.newInputStream(home.resolve("etc/defaultdomain"))) {
      String name =
          new String(in.readNBytes(DEFAULT_DOMAIN_MAX_OCTETS), ISO_8859_1)
              .strip()
              .toLowerCase(Locale.ROOT);
      return name.isEmpty() ? Optional.empty() : Optional.of(name);
    } catch (NoSuchFileException | NotDirectoryException none) {
      return Files.isDirectory(home.resolve("domains/default"))
          ? Optional.of("default")
          : Optional.empty();
    }
  }

  /**
   * Hands over every account of the text files, aliases of domains not.
   *
   * @throws TemporaryFailureException if a file cannot be read
   */
  void forEach(Consumer<StoredAccount> action) throws TemporaryFailureException {
    try {
      forEach(new Domain("", home.resolve("users"), owner), action);
      for (Domain domain : domains().values()) {
        forEach(domain, action);
      }
    } catch (IOException failed) {
      throw unreadable(failed);
    }
  }

  private void forEach(Domain domain, Consumer<StoredAccount> action) throws IOException {
    Path file = domain.directory.resolve("vpasswd");
    if (!Files.isRegularFile(file)) {
      return;
    }
    Vpasswd.Owner files = ownerOf(domain);
    PasswdFile.forEach(
        file,
        (local, line) -> {
          Vpasswd.parse(line)
              .flatMap(found -> found.account(address(local, domain), files))
              .ifPresent(action);
          return true;
        });
  }

  private Map<String, Domain> domains() throws IOException {
    Map<String, Domain> found = new TreeMap<>();
    addDomains(home.resolve("domains"), true, found);
    return found;
  }

  private void addDomains(Path directory, boolean deeper, Map<String, Domain> found)
      throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (Files.isRegularFile(entry.resolve("vpasswd"))) {
          if (!Files.isSymbolicLink(entry)) {
            found.put(name, assigned(name).orElse(new Domain(name, entry, owner)));
          }
        } else if (deeper && name.length() == 1 && Files.isDirectory(entry)) {
          addDomains(entry, false, found);
        }
        if (found.size() > DOMAINS_MAX) {
          throw new IOException(directory + " has more than " + DOMAINS_MAX + " domains");
        }
      }
    } catch (NoSuchFileException | NotDirectoryException none) {
      return; // a vpopmail with users alone
    }
  }
}
