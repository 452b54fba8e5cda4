package org.postrider.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkaroundRuleTest {

  @ParameterizedTest
  @CsvSource({
    "192.0.2.0/24,  192.0.2.255,      true",
    "192.0.2.0/24,  192.0.3.0,        false",
    "192.0.2.64/26, 192.0.2.127,      true",
    "192.0.2.64/26, 192.0.2.128,      false",
    "192.0.2.7,     192.0.2.7,        true",
    "192.0.2.7,     192.0.2.6,        false",
    "0.0.0.0/0,     198.51.100.1,     true",
    "0.0.0.0/0,     2001:db8::1,      false",
    "192.0.2.0/24,  ::ffff:192.0.2.9, true",
    "2001:db8::/33, 2001:db8:7fff::1, true",
    "2001:db8::/33, 2001:db8:8000::1, false",
    "always,        2001:db8::1,      true"
  })
  void aNetworkIsItsFirstBits(String clients, String address, boolean included) {
    List<WorkaroundRule> rules = WorkaroundRule.parse("unquoted-login: " + clients);
    assertThat(rules.getFirst().appliesTo(InetAddress.ofLiteral(address), Map.of()))
        .isEqualTo(included);
  }

  @Test
  void aClientIsKnownByHowItsNameBegins() {
    WorkaroundRule rule = WorkaroundRule.parse("no-children: id=Pine, 10.0.0.1").getFirst();
    InetAddress elsewhere = InetAddress.ofLiteral("192.0.2.1");
    assertThat(rule.appliesTo(elsewhere, Map.of("Name", "PINE 4.64"))).isTrue();
    assertThat(rule.appliesTo(elsewhere, Map.of("name", "Alpine"))).isFalse();
    assertThat(rule.appliesTo(elsewhere, Map.of("vendor", "Pine"))).isFalse();
    assertThat(rule.appliesTo(InetAddress.ofLiteral("10.0.0.1"), Map.of())).isTrue();
  }

  @Test
  void severalRulesAreSeparatedBySemicolons() {
    assertThat(WorkaroundRule.parse("no-children: always; plain-parameters: fd00::/8;"))
        .extracting(WorkaroundRule::workaround)
        .containsExactly(Workaround.NO_CHILDREN, Workaround.PLAIN_PARAMETERS);
    assertThat(WorkaroundRule.parse("")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no-children",
        "no-children:",
        "nothing: always",
        "no-children: mail.example.com",
        "no-children: 10.0.0.0/33",
        "no-children: 10.0.0.0/-1",
        "no-children: 10.0.0.0/x",
        "no-children: id="
      })
  void whatIsNoneIsSaid(String setting) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WorkaroundRule.parse(setting))
        .withMessageStartingWith("imap.workarounds is " + setting);
  }
}
