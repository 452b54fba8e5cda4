package org.postrider.auth.ldap;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postrider.auth.CourierRc;

/**
 * How the entry of a name is found. What a client typed becomes the value of an equality match and
 * nothing else: it is put into a filter that is a tree already, or, in an e-mail map, with every
 * octet but letters and digits written as RFC 4515 section 3 escapes it.
 *
 * @param baseDn below which entries are searched, itself included
 * @param mail the attribute that has the name
 * @param domain appended to a name without {@code @}
 * @param filters of which an entry must fit each as well
 * @param all the filter that finds every account
 * @param emailMap the first of two steps, for names with an {@code @}
 */
record LdapQuestion(
    String baseDn,
    String mail,
    Optional<String> domain,
    List<Filter> filters,
    Filter all,
    Optional<EmailMap> emailMap) {

  private static final String USER = "@user@";
  private static final String REALM = "@realm@";

  /** Found nowhere but in an attribute's value, unless the template is none. */
  private static final String PROBE = "postriderprobe";

  /**
   * A search whose result is the name to search for.
   *
   * @param template a filter with {@code @user@} and {@code @realm@}
   * @param attribute of the found entry, whose value is the name
   * @param mail the attribute that has that name in the second search
   */
  record EmailMap(String baseDn, String template, String attribute, String mail) {

    /** The filter for a name, of which the first {@code @} separates user and realm. */
    Filter filter(String name) {
      int at = name.indexOf('@');
      try {
        return render(template, name.substring(0, at), name.substring(at + 1));
      } catch (LDAPException impossible) {
        // It was tried when the settings were read, and escaped text changes no structure.
        throw new IllegalStateException(impossible);
      }
    }
  }

  static LdapQuestion of(CourierRc rc) throws IOException {
    String baseDn = LdapSettings.dn(rc, "LDAP_BASEDN");
    String mail = LdapSettings.attribute(rc, "LDAP_MAIL").orElse("mail");
    List<Filter> filters = filters(rc, "LDAP_FILTER");
    List<Filter> all = filters(rc, "LDAP_ENUMERATE_FILTER");
    if (all.isEmpty()) {
      all = filters.isEmpty() ? List.of(Filter.createPresenceFilter(mail)) : filters;
    }
    Optional<EmailMap> emailMap = Optional.empty();
    Optional<String> template = rc.value("LDAP_EMAILMAP");
    if (template.isPresent()) {
      emailMap =
          Optional.of(
              new EmailMap(
                  rc.value("LDAP_EMAILMAP_BASEDN").isPresent()
                      ? LdapSettings.dn(rc, "LDAP_EMAILMAP_BASEDN")
                      : baseDn,
                  checked(template.get()),
                  LdapSettings.attribute(rc, "LDAP_EMAILMAP_ATTRIBUTE").orElse("handle"),
                  LdapSettings.attribute(rc, "LDAP_EMAILMAP_MAIL").orElse(mail)));
    }
    return new LdapQuestion(
        baseDn,
        mail,
        rc.value("LDAP_DOMAIN"),
        filters,
        all.size() == 1 ? all.getFirst() : Filter.createANDFilter(all),
        emailMap);
  }

  /**
   * The filter that finds a name's entry.
   *
   * @param attribute that has the name: {@link #mail}, or that of the e-mail map
   */
  Filter filter(String attribute, String name) {
    String value = domain.isPresent() && name.indexOf('@') < 0 ? name + "@" + domain.get() : name;
    Filter match = Filter.createEqualityFilter(attribute, value);
    if (filters.isEmpty()) {
      return match;
    }
    List<Filter> both = new ArrayList<>(filters);
    both.add(match);
    return Filter.createANDFilter(both);
  }

  /** Courier writes {@code (&} before and a match after, so it may be several filters in a row. */
  private static List<Filter> filters(CourierRc rc, String key) throws IOException {
    Optional<String> text = rc.value(key);
    if (text.isEmpty()) {
      return List.of();
    }
    String filter = text.get().startsWith("(") ? text.get() : "(" + text.get() + ")";
    try {
      return List.of(Filter.create("(&" + filter + ")").getComponents());
    } catch (LDAPException wrong) {
      throw new IOException(
          key + " is \"" + text.get() + "\", which is no filter: " + reason(wrong), wrong);
    }
  }

  private static String checked(String template) throws IOException {
    Filter rendered;
    try {
      rendered = render(template, PROBE, PROBE);
    } catch (LDAPException wrong) {
      throw new IOException(
          "LDAP_EMAILMAP is \"" + template + "\", which is no filter: " + reason(wrong), wrong);
    }
    if (isOutsideValues(rendered)) {
      throw new IOException(
          "LDAP_EMAILMAP has @user@ or @realm@ where no value of an attribute is");
    }
    return template;
  }

  private static boolean isOutsideValues(Filter filter) {
    if (filter.getAttributeName() != null && filter.getAttributeName().contains(PROBE)) {
      return true;
    }
    if (filter.getMatchingRuleID() != null && filter.getMatchingRuleID().contains(PROBE)) {
      return true;
    }
    if (filter.getNOTComponent() != null) {
      return isOutsideValues(filter.getNOTComponent());
    }
    for (Filter part : filter.getComponents()) {
      if (isOutsideValues(part)) {
        return true;
      }
    }
    return false;
  }

  private static String reason(LDAPException wrong) {
    return wrong.getMessage().lines().findFirst().orElse("").replaceFirst("\\.$", "");
  }

  private static Filter render(String template, String user, String realm) throws LDAPException {
    StringBuilder text = new StringBuilder();
    int i = 0;
    while (i < template.length()) {
      if (template.startsWith(USER, i)) {
        text.append(escaped(user));
        i += USER.length();
      } else if (template.startsWith(REALM, i)) {
        text.append(escaped(realm));
        i += REALM.length();
      } else {
        text.append(template.charAt(i++));
      }
    }
    String filter = text.toString();
    return Filter.create(filter.startsWith("(") ? filter : "(" + filter + ")");
  }

  /** Every octet but ASCII letters and digits as a backslash and two hexadecimal digits. */
  private static String escaped(String value) {
    StringBuilder text = new StringBuilder();
    for (byte octet : value.getBytes(UTF_8)) {
      char c = (char) (octet & 0xFF);
      if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) {
        text.append(c);
      } else {
        text.append('\\')
            .append(Character.forDigit(c >> 4, 16))
            .append(Character.forDigit(c & 15, 16));
      }
    }
    return text.toString();
  }
}
