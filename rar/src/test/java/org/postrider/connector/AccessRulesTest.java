package org.postrider.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postrider.session.Policy;

class AccessRulesTest {

  private static final List<String> LINES =
      List.of(
          "# a comment",
          "",
          "*\tallow,MAXCPERIP=9",
          "192.168\tdeny",
          "192.168.0.10\tallow",
          "10.0.0.0/9\tdeny",
          "10.1.2\tallow,MAXCPERIP=2",
          ":2001:0db8\tdeny",
          ":2001:0db8:0000:0001 allow",
          "2001:db9::/33\tdeny",
          "::1\tdeny");

  private static AccessRules parse(String... lines) {
    return AccessRules.parse(List.of(lines), variables -> Policy.DEFAULT);
  }

  @ParameterizedTest
  @CsvSource({
    "192.168.0.1, false",
    "192.168.255.255, false",
    "192.168.0.10, true",
    "192.169.0.1, true",
    "10.1.3.4, false",
    "10.1.2.255, true",
    "10.127.255.255, false",
    "10.128.0.0, true",
    "2001:db8:2::1, false",
    "2001:db8:0:1::1, true",
    "2001:db9:7fff::1, false",
    "2001:db9:8000::1, true",
    "::1, false",
    "::2, true",
    "::ffff:192.168.0.1, false"
  })
  void theLongestKeyThatAnAddressBeginsWithCounts(String address, boolean allowed) {
    AccessRules rules = AccessRules.parse(LINES, variables -> Policy.DEFAULT);
    assertThat(rules.of(InetAddress.ofLiteral(address)).allowed()).isEqualTo(allowed);
  }

  @Test
  void oneLineAloneCounts() {
    AccessRules rules = AccessRules.parse(LINES, variables -> Policy.DEFAULT);
    assertThat(rules.of(InetAddress.ofLiteral("10.1.2.3")).connections()).contains(2);
    assertThat(rules.of(InetAddress.ofLiteral("192.168.0.10")).connections()).isEmpty();
    assertThat(rules.of(InetAddress.ofLiteral("8.8.8.8")).connections()).contains(9);
  }

  @Test
  void settingsOfALineMakeAPolicyOnceForAllLinesThatHaveThem() {
    List<Map<String, String>> asked = new ArrayList<>();
    AccessRules rules =
        AccessRules.parse(
            List.of(
                "10\tallow,DEFDOMAIN=@example.com,MAXCPERIP=3",
                "11\tDEFDOMAIN=@example.com,MAXCPERIP=3"),
            variables -> {
              asked.add(variables);
              return Policy.DEFAULT;
            });
    assertThat(asked).containsExactly(Map.of("DEFDOMAIN", "@example.com"));
    assertThat(rules.of(InetAddress.ofLiteral("11.0.0.1")).policy()).isPresent();
    assertThat(rules.of(InetAddress.ofLiteral("12.0.0.1")).policy()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.1",
        "10.0.0.1\tmaybe",
        "10.0.0.256\tdeny",
        "10.0.0.1.143\tdeny",
        "*.143\tdeny",
        "10.0.0.0/33\tdeny",
        "10.0.0.0/-1\tdeny",
        "2001:db8::/129\tdeny",
        "2001:db8:::1\tdeny",
        ":20011\tdeny",
        "example.com\tdeny",
        "10\tallow,MAXCPERIP=none",
        "10\tallow,=x"
      })
  void aLineThatIsNoneIsNamedByItsNumber(String line) {
    assertThatThrownBy(() -> parse("# first", line))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("line 2: ");
  }

  @Test
  void anAddressThatIsThereTwiceIsAMistake() {
    assertThatThrownBy(() -> parse("10.0.0\tdeny", "10.0.0.0/24\tallow"))
        .hasMessageContaining("line 2: 10.0.0.0/24 is there twice");
  }

  /** Against a look at each key, bit by bit. */
  @Property
  boolean everyAddressFindsItsLongestKey(
      @ForAll @Size(max = 20) List<@IntRange(min = 0, max = 1023) Integer> keys,
      @ForAll @IntRange(min = 0, max = 63) int host) {
    List<String> lines = new ArrayList<>();
    int best = -1;
    boolean allowed = true;
    for (int key : keys) {
      int length = 26 + key % 7;
      int network = key / 7 % 64 >> (32 - length) << (32 - length);
      String line = "10.0.0." + network + "/" + length + "\t" + (key % 2 == 0 ? "allow" : "deny");
      if (lines.stream().noneMatch(other -> other.startsWith(line.split("\t")[0] + "\t"))) {
        lines.add(line);
        if (host >> (32 - length) << (32 - length) == network && length > best) {
          best = length;
          allowed = key % 2 == 0;
        }
      }
    }
    AccessRules rules = AccessRules.parse(lines, variables -> Policy.DEFAULT);
    return rules.of(InetAddress.ofLiteral("10.0.0." + host)).allowed() == allowed;
  }

  @Property
  void whateverALineSaysItIsARuleOrAMistake(@ForAll String line) {
    try {
      parse(line).of(InetAddress.ofLiteral("127.0.0.1"));
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).startsWith("line ");
    }
  }
}
