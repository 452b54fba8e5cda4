package org.postrider.auth;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.security.auth.Subject;
import javax.security.auth.kerberos.KerberosPrincipal;
import javax.security.auth.kerberos.KerberosTicket;
import javax.security.auth.login.LoginException;
import org.ietf.jgss.GSSCredential;
import org.ietf.jgss.Oid;

/**
 * What a site's Kerberos is to its mail accounts: the keytab with the key of this server, the
 * realms whose people have mail here, and the names by which a principal's account is looked up.
 *
 * <p>A realm of Kerberos may trust others, and then vouches for their people as well; so the name
 * before the {@code @} is nobody's by itself. Only principals of an accepted realm have mail here,
 * and only in the first of these does {@code ann@EXAMPLE.ORG} stand for the account {@code ann}.
 *
 * <p>System properties, asked for at each sign-in:
 *
 * <ul>
 *   <li>{@code postrider.kerberos.keytab}: the keytab; {@code imap.keytab} beside the other
 *       settings by default
 *   <li>{@code postrider.kerberos.realms}: the accepted realms, separated by spaces or commas; by
 *       default those in which the keytab has a key of the service {@code imap}, else the default
 *       realm of the JVM's Kerberos settings
 * </ul>
 */
public final class Kerberos {

  /** The first component of this server's principals: RFC 9051 section 6.2.2. */
  public static final String SERVICE = "imap";

  private static final Logger LOG = System.getLogger(Kerberos.class.getName());

  private static final String KEYTAB_PROPERTY = "postrider.kerberos.keytab";
  private static final String REALMS_PROPERTY = "postrider.kerberos.realms";
  private static final String KEYTAB = "imap.keytab";

  /**
   * The errors of RFC 4120 section 7.5.9 that are the person's: account expired (1), unknown (6),
   * against the rules (12), locked (18), not valid yet (21), password expired (23) or wrong (24,
   * 31), in another realm (68).
   */
  private static final Set<Integer> REJECTIONS = Set.of(1, 6, 12, 18, 21, 23, 24, 31, 68);

  private static final Pattern CODE = Pattern.compile("\\((\\d{1,4})\\)");
  private static final Pattern NO_KDC = Pattern.compile("Cannot locate KDC for (\\S+)");

  private final Path etc;
  private volatile WatchedFile<Keytab> watched;
  private volatile String said;

  /**
   * The Kerberos of a data directory.
   *
   * @param etc where its settings are; nothing is read yet
   */
  public Kerberos(Path etc) {
    this.etc = etc;
  }

  /** Where the keytab is, or would be. */
  public Path keytab() {
    String named = System.getProperty(KEYTAB_PROPERTY, "");
    return named.isBlank() ? etc.resolve(KEYTAB) : Path.of(named.strip()).toAbsolutePath();
  }

  /**
   * Whether this server has a key by which it can be talked to with tickets. False also if there is
   * a keytab that cannot be read; the log says so, once for each reason.
   */
  public boolean hasKey() {
    try {
      return !keytabFile().realmsOf(SERVICE).isEmpty();
    } catch (TemporaryFailureException failed) {
      if (!failed.detail().equals(said)) {
        said = failed.detail();
        LOG.log(Level.WARNING, "No sign-in by Kerberos ticket: {0}", failed.detail());
      }
      return false;
    }
  }

  /**
   * The realms whose principals have mail here.
   *
   * @return in order of preference; empty if nothing tells
   * @throws TemporaryFailureException if there is a keytab that cannot be read
   */
  public List<String> realms() throws TemporaryFailureException {
    String named = System.getProperty(REALMS_PROPERTY, "").strip();
    if (!named.isEmpty()) {
      return Arrays.stream(named.split("[\\s,]+")).distinct().toList();
    }
    List<String> ours = keytabFile().realmsOf(SERVICE);
    return ours.isEmpty() ? defaultRealm().stream().toList() : ours;
  }

  /**
   * The names by which a principal's account may be known: its own, in small letters as well (a
   * realm is in capitals, and addresses are not), and the part before the realm if that is the
   * first accepted one. A name with an instance ({@code ann/admin@EXAMPLE.ORG}) is another
   * principal than that without, and only known as a whole.
   *
   * @param principal as Kerberos writes it, with its realm
   * @return in the order in which they are to be looked up; empty if its realm is not accepted
   * @throws TemporaryFailureException if there is a keytab that cannot be read
   */
  public List<String> names(String principal) throws TemporaryFailureException {
    return names(principal, realms());
  }

  static List<String> names(String principal, List<String> realms) {
    int at = principal.lastIndexOf('@');
    String realm = principal.substring(at + 1);
    if (at < 1 || !realms.contains(realm)) {
      return List.of();
    }
    Set<String> names = new LinkedHashSet<>();
    names.add(principal);
    names.add(lowerCase(principal));
    String local = principal.substring(0, at);
    boolean plain = local.chars().noneMatch(c -> c == '/' || c == '@' || c == '\\');
    if (plain && realm.equals(realms.getFirst())) {
      names.add(local);
      names.add(lowerCase(local));
    }
    return List.copyOf(names);
  }

  /** Only of ASCII: other letters may become one that is somebody else's. */
  private static String lowerCase(String name) {
    return name.chars().allMatch(c -> c < 0x80) ? name.toLowerCase(Locale.ROOT) : name;
  }

  /** Kerberos V5 among the mechanisms of GSS-API. */
  public static Oid mechanism() {
    return KerberosKey.mechanism();
  }

  /**
   * The right to be talked to with tickets, as any principal of the keytab.
   *
   * @return the caller disposes of it
   * @throws TemporaryFailureException if the JVM has no Kerberos
   */
  public GSSCredential acceptor() throws TemporaryFailureException {
    return KerberosKey.acceptor(keytab());
  }

  /**
   * Whether a password that was accepted was checked by the site's KDC. Without a key of this
   * server there is nothing that a KDC could be recognised by, and any is believed.
   *
   * @param person what a login module has left; without a ticket there is no KDC to recognise
   * @throws TemporaryFailureException if that cannot be told
   */
  boolean recognises(Subject person) throws TemporaryFailureException {
    if (person.getPrivateCredentials(KerberosTicket.class).isEmpty()) {
      return true;
    }
    Optional<Keytab.Name> ours =
        keytabFile().principals().stream().filter(name -> name.isService(SERVICE)).findFirst();
    return ours.isEmpty() || KerberosKey.isKnownToKdc(person, ours.get().toString(), keytab());
  }

  /**
   * Whether the JDK's Krb5LoginModule says that a name or a password is wrong. It throws the same
   * exception for that and for a KDC that does not answer; only the error's text, which has
   * Kerberos' own number in it, tells.
   *
   * @param failed what was thrown
   */
  static boolean isRejection(LoginException failed) {
    Throwable cause = failed.getCause();
    if (cause == null || !cause.getClass().getName().startsWith("sun.security.krb5.")) {
      return false;
    }
    String said = String.valueOf(cause.getMessage());
    Matcher code = CODE.matcher(said);
    if (code.find()) {
      return REJECTIONS.contains(Integer.valueOf(code.group(1)));
    }
    Matcher noKdc = NO_KDC.matcher(said);
    if (noKdc.find()) {
      // "ann@elsewhere.example" was typed: there is no such realm, and the next module may know it.
      return !defaultRealm().equals(Optional.of(noKdc.group(1)));
    }
    // The answer of a KDC that asks for no pre-authentication could not be decrypted.
    return said.equals("Checksum failed");
  }

  private static Optional<String> defaultRealm() {
    try {
      return Optional.of(new KerberosPrincipal("anybody").getRealm());
    } catch (IllegalArgumentException notConfigured) {
      return Optional.empty();
    }
  }

  private Keytab keytabFile() throws TemporaryFailureException {
    Path file = keytab();
    WatchedFile<Keytab> known = watched;
    if (known == null || !known.path().equals(file)) {
      known = new WatchedFile<>(file, Keytab.EMPTY, Keytab::read);
      watched = known;
    }
    return known.get();
  }
}
