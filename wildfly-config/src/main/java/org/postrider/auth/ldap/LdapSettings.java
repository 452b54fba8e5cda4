package org.postrider.auth.ldap;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.DereferencePolicy;
import com.unboundid.ldap.sdk.LDAPException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.postrider.auth.CourierRc;

/**
 * What Courier's {@code authldaprc} says.
 *
 * @param reach how the directory is reached
 * @param question how the entry of a name is found
 * @param attributes what is taken from the entry
 */
record LdapSettings(Reach reach, LdapQuestion question, Attributes attributes) {

  private static final int TIMEOUT_SECONDS = 5;
  private static final int TIMEOUT_MAX_SECONDS = 300;
  private static final Pattern ATTRIBUTE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.;_-]{0,127}");

  /**
   * How the directory is reached.
   *
   * @param servers in the order in which they are tried
   * @param startTls whether a connection that began without TLS must change to it
   * @param binding who asks; empty: anonymous
   * @param bindsAsUser whether the directory checks passwords: {@code LDAP_AUTHBIND}
   * @param timeout for each step: connecting, and each question
   * @param aliases which are followed
   */
  record Reach(
      List<LdapServer> servers,
      boolean startTls,
      Optional<Binding> binding,
      boolean bindsAsUser,
      Duration timeout,
      DereferencePolicy aliases) {}

  /** A DN and its password. */
  record Binding(String dn, String password) {

    /** Without the password. */
    @Override
    public String toString() {
      return dn;
    }
  }

  /**
   * The names of the attributes that make an account.
   *
   * @param home required in every entry
   * @param mailRoot put before every home, with a slash
   * @param delivery in place of {@code maildir} where Courier's mail server asks
   * @param options attributes that are options of an account
   * @param uid of every account whose entry has none
   * @param gid of every account whose entry has none
   */
  record Attributes(
      String home,
      Optional<String> mailRoot,
      Optional<String> maildir,
      Optional<String> delivery,
      Optional<String> quota,
      Optional<String> fullName,
      Optional<String> clearPassword,
      Optional<String> hashedPassword,
      Optional<String> uidNumber,
      Optional<String> gidNumber,
      List<Option> options,
      OptionalLong uid,
      OptionalLong gid) {}

  /** An attribute, and the option that it is. */
  record Option(String attribute, String name) {}

  /**
   * Understands the file.
   *
   * @throws IOException if something is missing or is nothing that can be used; the message goes
   *     after "FILE cannot be used: "
   */
  static LdapSettings of(CourierRc rc) throws IOException {
    return new LdapSettings(reach(rc), LdapQuestion.of(rc), attributes(rc));
  }

  private static Reach reach(CourierRc rc) throws IOException {
    // 0 to 3 are understood; version 3 is spoken, as every server does since 1997.
    rc.number("LDAP_PROTOCOL_VERSION", 0, 0, 3);
    return new Reach(
        LdapServer.list(uris(rc)),
        rc.isOn("LDAP_TLS"),
        rc.isOn("LDAP_INITBIND")
            ? Optional.of(new Binding(dn(rc, "LDAP_BINDDN"), rc.required("LDAP_BINDPW")))
            : Optional.empty(),
        rc.isOn("LDAP_AUTHBIND"),
        Duration.ofSeconds(rc.number("LDAP_TIMEOUT", TIMEOUT_SECONDS, 1, TIMEOUT_MAX_SECONDS)),
        aliases(rc.value("LDAP_DEREF", "never")));
  }

  /** {@code LDAP_URI}, or what stood for it in older files. */
  private static String uris(CourierRc rc) throws IOException {
    Optional<String> older = rc.value("LDAP_SERVER");
    if (rc.value("LDAP_URI").isPresent() || older.isEmpty()) {
      return rc.required("LDAP_URI");
    }
    return "ldap://" + older.get() + ":" + rc.number("LDAP_PORT", 389, 1, 0xFFFF);
  }

  private static DereferencePolicy aliases(String text) throws IOException {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "never" -> DereferencePolicy.NEVER;
      case "searching" -> DereferencePolicy.SEARCHING;
      case "finding" -> DereferencePolicy.FINDING;
      case "always" -> DereferencePolicy.ALWAYS;
      default ->
          throw new IOException(
              "LDAP_DEREF is \"" + text + "\" but must be never, searching, finding or always");
    };
  }

  /** A distinguished name that must be set. */
  static String dn(CourierRc rc, String key) throws IOException {
    String text = rc.required(key);
    try {
      return new DN(text).toString();
    } catch (LDAPException wrong) {
      throw new IOException(key + " is \"" + text + "\", which is no distinguished name", wrong);
    }
  }

  /** The name of an attribute, if it is set. */
  static Optional<String> attribute(CourierRc rc, String key) throws IOException {
    Optional<String> name = rc.value(key);
    if (name.isPresent() && !ATTRIBUTE.matcher(name.get()).matches()) {
      throw new IOException(key + " is \"" + name.get() + "\", which is no name of an attribute");
    }
    return name;
  }

  private static Attributes attributes(CourierRc rc) throws IOException {
    return new Attributes(
        attribute(rc, "LDAP_HOMEDIR").orElse("homeDir"),
        rc.value("LDAP_MAILROOT"),
        attribute(rc, "LDAP_MAILDIR"),
        attribute(rc, "LDAP_DEFAULTDELIVERY"),
        attribute(rc, "LDAP_MAILDIRQUOTA"),
        attribute(rc, "LDAP_FULLNAME"),
        attribute(rc, "LDAP_CLEARPW"),
        attribute(rc, "LDAP_CRYPTPW"),
        attribute(rc, "LDAP_UID"),
        attribute(rc, "LDAP_GID"),
        options(rc.value("LDAP_AUXOPTIONS", "")),
        SystemIds.of(rc, "LDAP_GLOB_UID", SystemIds.USERS),
        SystemIds.of(rc, "LDAP_GLOB_GID", SystemIds.GROUPS));
  }

  private static List<Option> options(String text) throws IOException {
    List<Option> options = new ArrayList<>();
    for (String part : text.split(",")) {
      String pair = part.strip();
      int equals = pair.indexOf('=');
      if (pair.isEmpty()) {
        continue;
      }
      if (equals < 1 || !ATTRIBUTE.matcher(pair.substring(0, equals)).matches()) {
        throw new IOException(
            "LDAP_AUXOPTIONS has \"" + pair + "\", which is not ATTRIBUTE=OPTION");
      }
      options.add(new Option(pair.substring(0, equals), pair.substring(equals + 1)));
    }
    return List.copyOf(options);
  }
}
