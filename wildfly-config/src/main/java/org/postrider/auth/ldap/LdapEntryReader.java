package org.postrider.auth.ldap;

import com.unboundid.ldap.sdk.SearchResultEntry;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postrider.auth.AccountOptions;
import org.postrider.auth.AccountPrincipal;
import org.postrider.auth.PasswordHash;
import org.postrider.auth.Secrets;
import org.postrider.auth.StoredAccount;
import org.postrider.auth.TemporaryFailureException;

/** Makes accounts of a directory's entries. */
final class LdapEntryReader {

  private static final Logger LOG = System.getLogger(LdapEntryReader.class.getName());

  private static final String COURIER = "courier";

  /** A directory of which every entry is odd does not fill the log. */
  private static final int COMPLAINTS_A_MINUTE = 20;

  private static final long MINUTE_NANOS = 60_000_000_000L;
  private static final AtomicReference<Said> SAID =
      new AtomicReference<>(new Said(System.nanoTime(), Set.of()));

  private final LdapSettings.Attributes names;
  private final String mail;
  private final Path base;
  private final Optional<String> maildir;

  /** What was said since when. */
  private record Said(long since, Set<String> texts) {}

  /**
   * A reader for a service.
   *
   * @param base where a home that is not absolute begins, if there is no {@code LDAP_MAILROOT}
   * @param service Courier's name of it; its mail server delivers where others would not look
   */
  LdapEntryReader(LdapSettings settings, Path base, String service) {
    names = settings.attributes();
    mail = settings.question().mail();
    this.base = base;
    maildir = service.equals(COURIER) ? names.delivery() : names.maildir();
  }

  /** The attributes that an account is made of. */
  String[] attributes() {
    Set<String> all = new LinkedHashSet<>(List.of(names.home()));
    Stream.of(
            maildir,
            names.quota(),
            names.fullName(),
            names.clearPassword(),
            names.hashedPassword(),
            names.uidNumber(),
            names.gidNumber())
        .flatMap(Optional::stream)
        .forEach(all::add);
    names.options().forEach(option -> all.add(option.attribute()));
    return all.toArray(String[]::new);
  }

  /** The same and the names by which it is known. */
  String[] attributesOfAll() {
    Set<String> all = new LinkedHashSet<>(List.of(attributes()));
    all.add(mail);
    return all.toArray(String[]::new);
  }

  /**
   * The account of somebody who signs in.
   *
   * @param name as typed, which is what the account is known by
   * @throws TemporaryFailureException if the entry lacks what an account must have
   */
  AccountPrincipal signedIn(String name, SearchResultEntry entry) throws TemporaryFailureException {
    long uid = id(entry, names.uidNumber(), names.uid());
    long gid = id(entry, names.gidNumber(), names.gid());
    if (uid <= 0 || gid <= 0) {
      throw new TemporaryFailureException(
          entry.getDN()
              + " may not sign in: its uid and gid must be numbers from 1 to 4294967295. They are"
              + " what LDAP_UID and LDAP_GID name, or else LDAP_GLOB_UID and LDAP_GLOB_GID.");
    }
    return account(name, entry, uid, gid)
        .orElseThrow(
            () ->
                new TemporaryFailureException(
                    entry.getDN()
                        + " has no home directory that could be used: the attribute "
                        + names.home()
                        + " must be a path."));
  }

  /** The accounts of an entry, one for each of its names; none if it has no home. */
  List<StoredAccount> listed(SearchResultEntry entry) {
    String[] all = entry.getAttributeValues(mail);
    List<StoredAccount> accounts = new ArrayList<>();
    if (all != null) {
      long uid = Math.max(0, id(entry, names.uidNumber(), names.uid()));
      long gid = Math.max(0, id(entry, names.gidNumber(), names.gid()));
      Secrets secrets = secrets(entry);
      for (String name : all) {
        if (!name.isEmpty()) {
          account(name, entry, uid, gid)
              .ifPresent(account -> accounts.add(new StoredAccount(account, secrets)));
        }
      }
    }
    return accounts;
  }

  private Optional<AccountPrincipal> account(
      String name, SearchResultEntry entry, long uid, long gid) {
    String home = first(entry, names.home()).orElse("");
    if (home.isEmpty()) {
      return Optional.empty();
    }
    try {
      // Courier writes the root before a home that is absolute as well.
      Path directory =
          base.toAbsolutePath()
              .resolve(names.mailRoot().map(root -> root + "/" + home).orElse(home))
              .normalize();
      return Optional.of(
          new AccountPrincipal(
              name,
              name,
              value(entry, names.fullName()),
              directory,
              directory
                  .resolve(maildir.flatMap(attribute -> first(entry, attribute)).orElse("Maildir"))
                  .normalize(),
              uid,
              gid,
              value(entry, names.quota()),
              options(entry)));
    } catch (InvalidPathException notAPath) {
      return Optional.empty();
    }
  }

  /** As Courier does: joined with commas and read again, so that one value may hold several. */
  private AccountOptions options(SearchResultEntry entry) {
    return AccountOptions.parse(
        names.options().stream()
            .flatMap(
                option ->
                    first(entry, option.attribute())
                        .map(value -> option.name() + "=" + value)
                        .stream())
            .collect(Collectors.joining(",")));
  }

  /** Says so if nobody could sign in with an entry's hash. */
  void checkHash(SearchResultEntry entry, Secrets secrets) {
    if (secrets.clear().isEmpty()) {
      secrets
          .hash()
          .flatMap(PasswordHash::defect)
          .ifPresent(defect -> complain(entry.getDN() + ": " + defect));
    }
  }

  /** What the entry has of passwords. */
  Secrets secrets(SearchResultEntry entry) {
    Optional<String> hash = names.hashedPassword().flatMap(attribute -> first(entry, attribute));
    hash.flatMap(PasswordHash::defect).ifPresent(defect -> complain(entry.getDN() + ": " + defect));
    return new Secrets(
        hash, names.clearPassword().flatMap(attribute -> first(entry, attribute)), Map.of());
  }

  private long id(SearchResultEntry entry, Optional<String> attribute, OptionalLong otherwise) {
    Optional<String> own = attribute.flatMap(name -> first(entry, name));
    return own.isPresent() ? SystemIds.number(own.get().strip()).orElse(-1) : otherwise.orElse(-1);
  }

  private String value(SearchResultEntry entry, Optional<String> attribute) {
    return attribute.flatMap(name -> first(entry, name)).orElse("");
  }

  /** The first value of an attribute, which is the one that counts; empty if there is none. */
  Optional<String> first(SearchResultEntry entry, String attribute) {
    String[] values = entry.getAttributeValues(attribute);
    if (values == null || values.length == 0) {
      return Optional.empty();
    }
    if (values.length > 1) {
      complain(entry.getDN() + " has more than one " + attribute + "; the first counts");
    }
    return Optional.of(values[0]).filter(value -> !value.isEmpty());
  }

  /** Tells the administrator: the same thing once a minute, and so many things at the most. */
  void complain(String text) {
    long now = System.nanoTime();
    Said before = SAID.get();
    Said said = now - before.since > MINUTE_NANOS ? new Said(now, Set.of()) : before;
    if (said.texts.contains(text) || said.texts.size() >= COMPLAINTS_A_MINUTE) {
      return;
    }
    Set<String> texts = new HashSet<>(said.texts);
    texts.add(text);
    if (SAID.compareAndSet(before, new Said(said.since, Set.copyOf(texts)))) {
      LOG.log(Level.WARNING, "LDAP: {0}.", text);
    }
  }
}
