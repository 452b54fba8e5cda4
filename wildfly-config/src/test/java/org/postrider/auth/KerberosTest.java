package org.postrider.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import javax.security.auth.login.LoginException;
import org.junit.jupiter.api.Test;

class KerberosTest {

  private static final List<String> REALMS = List.of("EXAMPLE.ORG", "SALES.EXAMPLE.ORG");

  @Test
  void principalOfTheFirstRealmIsKnownByItsLocalPartAsWell() {
    assertThat(Kerberos.names("Ann@EXAMPLE.ORG", REALMS))
        .containsExactly("Ann@EXAMPLE.ORG", "ann@example.org", "Ann", "ann");
  }

  @Test
  void principalOfAnotherAcceptedRealmIsKnownByItsWholeNameOnly() {
    assertThat(Kerberos.names("ann@SALES.EXAMPLE.ORG", REALMS))
        .containsExactly("ann@SALES.EXAMPLE.ORG", "ann@sales.example.org");
  }

  @Test
  void principalOfATrustedRealmThatIsNotAcceptedIsNobody() {
    assertThat(Kerberos.names("ann@STRANGERS.EXAMPLE", REALMS)).isEmpty();
    assertThat(Kerberos.names("ann@EXAMPLE.ORG@STRANGERS.EXAMPLE", REALMS)).isEmpty();
    assertThat(Kerberos.names("ann@example.org", REALMS)).isEmpty();
    assertThat(Kerberos.names("ann", List.of())).isEmpty();
    assertThat(Kerberos.names("@EXAMPLE.ORG", REALMS)).isEmpty();
  }

  @Test
  void instanceAndQuotedCharactersAreOnlyKnownAsAWhole() {
    assertThat(Kerberos.names("ann/admin@EXAMPLE.ORG", REALMS))
        .containsExactly("ann/admin@EXAMPLE.ORG", "ann/admin@example.org");
    assertThat(Kerberos.names("ann\\@example.com@EXAMPLE.ORG", REALMS))
        .containsExactly("ann\\@example.com@EXAMPLE.ORG", "ann\\@example.com@example.org");
  }

  @Test
  void lettersThatBecomeOthersInSmallAreLeft() {
    String kelvin = "\u212Aarl@EXAMPLE.ORG";
    assertThat(Kerberos.names(kelvin, REALMS)).containsExactly(kelvin, "\u212Aarl");
  }

  @Test
  void exceptionsThatAreNotOfKerberosAreNoRejection() {
    assertThat(Kerberos.isRejection(new LoginException("Checksum failed"))).isFalse();
    LoginException refused = new LoginException("Connection refused");
    refused.initCause(new java.net.ConnectException("Connection refused (6)"));
    assertThat(Kerberos.isRejection(refused)).isFalse();
  }
}
