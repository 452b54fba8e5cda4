package org.postrider.auth.ldap;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.ExtendedResult;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPSearchException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResult;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import com.unboundid.ldap.sdk.controls.SimplePagedResultsControl;
import com.unboundid.ldap.sdk.extensions.PasswordModifyExtendedRequest;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.postrider.auth.PasswordKind;
import org.postrider.auth.Secrets;
import org.postrider.auth.StoredAccount;
import org.postrider.auth.TemporaryFailureException;

/**
 * The accounts of a directory, for one question of one login module: what it may take in all begins
 * to count when this is made. For one thread.
 */
final class LdapAccounts {

  /** Of the time limit of a step: a name's entry, perhaps by an e-mail map, and its password. */
  private static final int STEPS = 3;

  /** Two are one too many. */
  private static final int ENTRIES_MAX = 2;

  private static final int ALL_MAX = 1_000_000;
  private static final Duration ALL_TIME = Duration.ofHours(1);
  private static final int PAGE = 500;

  /** With these a refused bind has nothing to do with the password. */
  private static final Set<ResultCode> OF_THE_SERVER =
      Set.of(
          ResultCode.OPERATIONS_ERROR,
          ResultCode.PROTOCOL_ERROR,
          ResultCode.TIME_LIMIT_EXCEEDED,
          ResultCode.ADMIN_LIMIT_EXCEEDED,
          ResultCode.CONFIDENTIALITY_REQUIRED,
          ResultCode.OTHER);

  private final LdapConnections connections;
  private final LdapSettings settings;
  private final LdapEntryReader reader;
  private final TimeLimit limit;

  /**
   * An account and its entry.
   *
   * @param dn the entry's name
   * @param stored what the entry has of passwords, be they used or not
   */
  record Found(StoredAccount account, String dn, Secrets stored) {}

  /**
   * Nothing is asked yet.
   *
   * @param home where a home that is not absolute begins
   * @param service Courier's name of the service that asks
   */
  LdapAccounts(LdapConnections connections, Path home, String service) {
    this.connections = connections;
    settings = connections.settings();
    reader = new LdapEntryReader(settings, home, service);
    Duration step = settings.reach().timeout();
    limit = TimeLimit.of(step, step.multipliedBy(STEPS));
  }

  /** Whether the directory checks passwords. */
  boolean bindsAsUser() {
    return settings.reach().bindsAsUser();
  }

  /**
   * The account of a name.
   *
   * @return empty if there is no entry for it, or more than one
   */
  Optional<Found> find(String name) throws TemporaryFailureException {
    LdapQuestion question = settings.question();
    String attribute = question.mail();
    String key = name;
    if (question.emailMap().isPresent() && name.indexOf('@') >= 0) {
      LdapQuestion.EmailMap map = question.emailMap().get();
      Optional<String> mapped =
          one(map.baseDn(), map.filter(name), map.attribute())
              .flatMap(entry -> reader.first(entry, map.attribute()));
      if (mapped.isEmpty()) {
        return Optional.empty();
      }
      attribute = map.mail();
      key = mapped.get();
    }
    Optional<SearchResultEntry> entry =
        one(question.baseDn(), question.filter(attribute, key), reader.attributes());
    if (entry.isEmpty()) {
      return Optional.empty();
    }
    Secrets stored = reader.secrets(entry.get());
    if (!bindsAsUser()) {
      reader.checkHash(entry.get(), stored);
    }
    StoredAccount account =
        new StoredAccount(
            reader.signedIn(name, entry.get()), bindsAsUser() ? Secrets.NONE : stored);
    return Optional.of(new Found(account, entry.get().getDN(), stored));
  }

  private Optional<SearchResultEntry> one(String baseDn, Filter filter, String... attributes)
      throws TemporaryFailureException {
    SearchRequest request =
        new SearchRequest(
            baseDn,
            SearchScope.SUB,
            settings.reach().aliases(),
            ENTRIES_MAX,
            (int) settings.reach().timeout().toSeconds(),
            false,
            filter,
            attributes);
    try {
      SearchResult result =
          connections.ask(
              LdapConnections.Purpose.SEARCH, limit, open -> open.connection().search(request));
      if (result.getEntryCount() > 1) {
        reader.complain("more than one entry fits " + filter + ": nobody can sign in by that name");
      }
      return result.getEntryCount() == 1
          ? Optional.of(result.getSearchEntries().getFirst())
          : Optional.empty();
    } catch (LDAPException failed) {
      if (failed.getResultCode().equals(ResultCode.NO_SUCH_OBJECT)) {
        reader.complain("there is no entry " + baseDn);
        return Optional.empty();
      }
      if (failed.getResultCode().equals(ResultCode.SIZE_LIMIT_EXCEEDED)) {
        reader.complain("more than one entry fits " + filter + ": nobody can sign in by that name");
        return Optional.empty();
      }
      throw refusal("Searching below " + baseDn, failed);
    }
  }

  /** Whether the directory takes a password for an entry's. */
  boolean isPassword(Found found, char[] password) throws TemporaryFailureException {
    return asUser(found, password, open -> true).isPresent();
  }

  /**
   * Asks something as the entry itself.
   *
   * @return empty if the password is wrong, or the entry may not bind
   */
  private <R> Optional<R> asUser(Found found, char[] password, LdapConnections.Question<R> question)
      throws TemporaryFailureException {
    byte[] octets = octets(password);
    if (octets.length == 0 || found.dn().isEmpty()) {
      return Optional.empty(); // either would be a bind as nobody, which succeeds
    }
    boolean[] bound = {false};
    try {
      return Optional.of(
          connections.ask(
              LdapConnections.Purpose.BIND,
              limit,
              open -> {
                bound[0] = false;
                open.connection().bind(new SimpleBindRequest(found.dn(), octets));
                bound[0] = true;
                open.nextStep(limit);
                return question.ask(open);
              }));
    } catch (LDAPException refused) {
      if (bound[0] || OF_THE_SERVER.contains(refused.getResultCode())) {
        throw refusal("A question as " + found.dn(), refused);
      }
      return Optional.empty();
    } finally {
      Arrays.fill(octets, (byte) 0);
    }
  }

  /**
   * Changes a password: the attributes that hold one get the new one, the hash in the kind that it
   * was. Where the directory checks passwords, the entry itself asks for it, and where no attribute
   * can be read, by RFC 3062.
   *
   * @return false if there is no such account, the old password is wrong, or no password is kept
   */
  boolean changePassword(String name, char[] oldPassword, char[] newPassword)
      throws TemporaryFailureException {
    Optional<Found> account = find(name);
    if (account.isEmpty()) {
      return false;
    }
    Found found = account.get();
    byte[] octets = octets(newPassword);
    if (octets.length == 0) {
      return false;
    }
    try {
      List<Modification> changes = changes(found.stored(), octets);
      if (bindsAsUser()) {
        return asUser(
                found,
                oldPassword,
                open -> {
                  if (changes.isEmpty()) {
                    ExtendedResult result =
                        open.connection()
                            .processExtendedOperation(
                                new PasswordModifyExtendedRequest(null, null, octets));
                    if (!result.getResultCode().equals(ResultCode.SUCCESS)) {
                      throw new LDAPException(result);
                    }
                  } else {
                    open.connection().modify(found.dn(), changes);
                  }
                  return true;
                })
            .isPresent();
      }
      if (changes.isEmpty() || !found.stored().fits(oldPassword)) {
        return false;
      }
      connections.ask(
          LdapConnections.Purpose.SEARCH,
          limit,
          open -> open.connection().modify(found.dn(), changes));
      return true;
    } catch (LDAPException refused) {
      throw refusal("Changing the password of " + found.dn(), refused);
    } finally {
      Arrays.fill(octets, (byte) 0);
    }
  }

  private List<Modification> changes(Secrets stored, byte[] password)
      throws TemporaryFailureException {
    List<Modification> changes = new ArrayList<>();
    LdapSettings.Attributes attributes = settings.attributes();
    if (stored.clear().isPresent()) {
      changes.add(
          new Modification(
              ModificationType.REPLACE,
              attributes.clearPassword().orElseThrow(),
              password.clone()));
    }
    if (stored.hash().isPresent()) {
      changes.add(
          new Modification(
              ModificationType.REPLACE,
              attributes.hashedPassword().orElseThrow(),
              hash(stored.hash().get(), password)));
    }
    return changes;
  }

  /** In the kind of the old hash, and with {@code {CRYPT}} before it if that had it. */
  private static String hash(String old, byte[] password) throws TemporaryFailureException {
    try {
      String hash = PasswordKind.after(old).hash(password);
      boolean braces = old.toUpperCase(Locale.ROOT).startsWith("{CRYPT}");
      return braces && !hash.startsWith("{") ? "{CRYPT}" + hash : hash;
    } catch (IllegalArgumentException unusable) {
      throw new TemporaryFailureException(
          "The new password cannot be stored: " + unusable.getMessage(), unusable);
    }
  }

  /**
   * Hands over every account, once for each value of {@code LDAP_MAIL}; entries without a home are
   * left out. In pages, where the server knows them.
   */
  void forEach(Consumer<StoredAccount> action) throws TemporaryFailureException {
    TimeLimit each = TimeLimit.of(settings.reach().timeout(), ALL_TIME);
    try {
      Optional<LDAPException> broken =
          connections.ask(
              LdapConnections.Purpose.SEARCH, each, open -> everything(open, each, action));
      if (broken.isPresent()) {
        throw broken.get();
      }
    } catch (LDAPException failed) {
      throw refusal("Listing all accounts below " + settings.question().baseDn(), failed);
    }
  }

  /**
   * Asks for page after page.
   *
   * @return what went wrong after the first account was handed over, as that cannot be done again
   */
  private Optional<LDAPException> everything(
      LdapConnections.Open open, TimeLimit each, Consumer<StoredAccount> action)
      throws LDAPException {
    LdapEntries entries = new LdapEntries(reader, action, () -> open.nextStep(each));
    ASN1OctetString cookie = null;
    try {
      do {
        SearchRequest request =
            new SearchRequest(
                entries,
                settings.question().baseDn(),
                SearchScope.SUB,
                settings.reach().aliases(),
                ALL_MAX,
                (int) ALL_TIME.toSeconds(),
                false,
                settings.question().all(),
                reader.attributesOfAll());
        request.setControls(new Control[] {new SimplePagedResultsControl(PAGE, cookie, false)});
        open.nextStep(each);
        SearchResult result = open.connection().search(request);
        entries.rethrow();
        SimplePagedResultsControl next = SimplePagedResultsControl.get(result);
        cookie = next == null ? null : next.getCookie();
        if (entries.count() > ALL_MAX || each.isOver()) {
          throw new LDAPSearchException(
              ResultCode.SIZE_LIMIT_EXCEEDED,
              "there are more than " + ALL_MAX + " accounts, or it takes more than an hour");
        }
      } while (cookie != null && cookie.getValueLength() > 0);
      return Optional.empty();
    } catch (LDAPException failed) {
      entries.rethrow();
      if (entries.count() == 0) {
        throw failed;
      }
      open.connection().close(); // what it still sends would be taken for another answer
      return Optional.of(failed);
    }
  }

  private static TemporaryFailureException refusal(String what, LDAPException answer) {
    String detail = answer.getDiagnosticMessage();
    return new TemporaryFailureException(
        what
            + " failed: the directory answered "
            + answer.getResultCode().getName()
            + (detail == null || detail.isBlank() ? "" : " (" + detail.strip() + ")")
            + ".",
        answer);
  }

  /** In UTF-8; empty, which is no password, if it is none that could be written so. */
  private static byte[] octets(char[] password) {
    ByteBuffer encoded = ByteBuffer.allocate(3 * password.length); // a char has 3 octets at most
    boolean usable =
        UTF_8.newEncoder().encode(CharBuffer.wrap(password), encoded, true).isUnderflow();
    byte[] octets = usable ? Arrays.copyOf(encoded.array(), encoded.position()) : new byte[0];
    Arrays.fill(encoded.array(), (byte) 0);
    return octets;
  }
}
