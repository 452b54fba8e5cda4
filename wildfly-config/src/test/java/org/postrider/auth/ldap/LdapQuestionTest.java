package org.postrider.auth.ldap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.sdk.Filter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.postrider.auth.CourierRc;

/** Whatever is typed, a search keeps its shape and looks for exactly that. */
class LdapQuestionTest {

  private static LdapQuestion question(String... more) {
    try {
      Path file = Files.createTempFile("authldaprc", "");
      try {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(
            file, "LDAP_BASEDN o=x\n" + String.join("\n", more) + "\n##NAME: MARKER:0\n");
        return LdapQuestion.of(CourierRc.read(file));
      } finally {
        Files.delete(file);
      }
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private static final LdapQuestion PLAIN = question();
  private static final LdapQuestion FILTERED =
      question("LDAP_FILTER (&(a=b)(|(c=d)(e=*)))", "LDAP_DOMAIN example.com");
  private static final LdapQuestion MAPPED =
      question("LDAP_EMAILMAP (|(&(userid=@user@)(realm=@realm@))(mail=x@user@\\40@realm@y))");

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(40).filter(LdapQuestionTest::isUnicode),
        Arbitraries.strings().withChars("*()\\&|!=~<>:;,#+\"@\0 ab2a\u00eb").ofMaxLength(40));
  }

  /** A lone surrogate is no character, and cannot be sent. */
  private static boolean isUnicode(String text) {
    return new String(text.getBytes(UTF_8), UTF_8).equals(text);
  }

  @Property
  void aNameIsAValueAndNothingElse(@ForAll("names") String name) throws Exception {
    Filter filter = parsedAgain(PLAIN.filter("mail", name));
    assertThat(filter.getFilterType()).isEqualTo(Filter.FILTER_TYPE_EQUALITY);
    assertThat(filter.getAttributeName()).isEqualTo("mail");
    assertThat(filter.getAssertionValue()).isEqualTo(name);
  }

  @Property
  void aFilterOfTheSettingsStaysBesideTheName(@ForAll("names") String name) throws Exception {
    Filter filter = parsedAgain(FILTERED.filter("mail", name));
    assertThat(filter.getComponents()).hasSize(2);
    assertThat(filter.getComponents()[0]).hasToString("(&(a=b)(|(c=d)(e=*)))");
    assertThat(filter.getComponents()[1].getAssertionValue())
        .isEqualTo(name.indexOf('@') < 0 ? name + "@example.com" : name);
  }

  @Property
  void anEmailMapKeepsItsShape(@ForAll("names") String user, @ForAll("names") String realm)
      throws Exception {
    String local = user.replace("@", "");
    Filter filter = parsedAgain(MAPPED.emailMap().orElseThrow().filter(local + "@" + realm));
    assertThat(filter.getComponents()).hasSize(2);
    Filter both = filter.getComponents()[0];
    assertThat(both.getComponents()).hasSize(2);
    assertThat(both.getComponents()[0].getAssertionValue()).isEqualTo(local);
    assertThat(both.getComponents()[1].getAssertionValue()).isEqualTo(realm);
    assertThat(filter.getComponents()[1].getAssertionValue())
        .isEqualTo("x" + local + "@" + realm + "y");
  }

  /** As the server reads it: by its encoding, and by its text. */
  private static Filter parsedAgain(Filter filter) throws Exception {
    Filter decoded = Filter.decode(filter.encode());
    assertThat(Filter.create(filter.toString())).isEqualTo(decoded);
    return decoded;
  }
}
