package org.postrider.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccountOptionsTest {

  @ParameterizedTest
  @CsvSource({
    "1, true",
    "0, false",
    "00, false",
    "01, true",
    "yes, true",
    "Yes, true",
    "true, true",
    "T, true",
    "no, false",
    "on, false",
    "'', false",
    "-1, true",
    "0x, false",
    "\u0661, false",
    "10yes, true"
  })
  void isOnByCouriersRule(String value, boolean on) {
    assertThat(AccountOptions.parse("disableimap=" + value).isOn("disableimap")).isEqualTo(on);
  }

  @Test
  void readsACommaList() {
    AccountOptions options = AccountOptions.parse("group=a, group=b,,bare,=x,sharedgroup=g=1");
    assertThat(options.groups()).containsExactly("a", "b");
    assertThat(options.first("bare")).contains("");
    assertThat(options.isOn("bare")).isFalse();
    assertThat(options.first("sharedgroup")).contains("g=1");
    assertThat(options.first("none")).isEmpty();
    assertThat(options).hasToString("group=a,group=b,bare,sharedgroup=g=1");
  }

  @Test
  void whatTheAccountSaysComesBeforeTheDefault() {
    AccountOptions defaults = AccountOptions.parse("group=x,disableimap=1");
    assertThat(AccountOptions.parse("group=a").withDefaults(defaults))
        .hasToString("group=a,disableimap=1");
  }

  @Property
  void printsWhatItReads(@ForAll String text) {
    AccountOptions options = AccountOptions.parse(text);
    assertThat(AccountOptions.parse(options.toString())).isEqualTo(options);
  }

  @Test
  void accountsWithTheSameValuesAreEqual() {
    Path base = Path.of("/");
    AccountPrincipal one =
        UserdbRecord.parse("ann", "uid=1|gid=1|home=/h|systempw=x").account(base).orElseThrow();
    AccountPrincipal same =
        UserdbRecord.parse("ann", "home=/h|gid=1|uid=1|systempw=y").account(base).orElseThrow();
    assertThat(one).isEqualTo(same).hasSameHashCodeAs(same);
    assertThat(one.getName()).isEqualTo("ann");
    assertThat(one)
        .isNotEqualTo(UserdbRecord.parse("ann", "uid=2|gid=1|home=/h").account(base).orElseThrow());
  }
}
