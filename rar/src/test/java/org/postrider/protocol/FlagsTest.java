package org.postrider.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class FlagsTest {

  @Provide
  Arbitrary<Flags> flags() {
    Arbitrary<Set<SystemFlag>> system = Arbitraries.of(SystemFlag.class).set();
    Arbitrary<List<String>> keywords =
        Arbitraries.of("$Junk", "$junk", "Label", "LABEL", "work", "Work").list().ofMaxSize(4);
    return Combinators.combine(system, keywords)
        .as((bits, words) -> Flags.of(bits.toArray(SystemFlag[]::new)).withKeywords(words));
  }

  /** What a flag list is, said with plain sets: names, whatever their case. */
  private static Set<String> plain(Flags flags) {
    Set<String> names = new HashSet<>();
    flags.wireNames().forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
    return names;
  }

  @Property
  void plusAndMinusAreThoseOfSets(@ForAll("flags") Flags a, @ForAll("flags") Flags b) {
    checkSetOperations(a, b);
  }

  @FuzzTest
  void fuzzedFlagsBehaveAsSets(FuzzedDataProvider data) {
    checkSetOperations(fuzzed(data), fuzzed(data));
  }

  private static Flags fuzzed(FuzzedDataProvider data) {
    List<SystemFlag> system = new ArrayList<>();
    for (SystemFlag flag : SystemFlag.values()) {
      if (data.consumeBoolean()) {
        system.add(flag);
      }
    }
    List<String> keywords = new ArrayList<>();
    for (int i = data.consumeInt(0, 5); i > 0; i--) {
      keywords.add(data.pickValue(new String[] {"a", "A", "b", "B", "$c", "$C"}));
    }
    return Flags.of(system.toArray(SystemFlag[]::new)).withKeywords(keywords);
  }

  private static void checkSetOperations(Flags a, Flags b) {
    Set<String> union = plain(a);
    union.addAll(plain(b));
    assertThat(plain(a.plus(b))).isEqualTo(union);
    Set<String> rest = plain(a);
    rest.removeAll(plain(b));
    assertThat(plain(a.minus(b))).isEqualTo(rest);
    assertThat(a.equals(b)).isEqualTo(plain(a).equals(plain(b)));
    if (a.equals(b)) {
      assertThat(a).hasSameHashCodeAs(b);
    }
    assertThat(a.isEmpty()).isEqualTo(plain(a).isEmpty());
    assertThat(a.plus(b).minus(b)).isEqualTo(a.minus(b));
    for (SystemFlag flag : SystemFlag.values()) {
      assertThat(a.plus(flag).has(flag)).isTrue();
      assertThat(a.minus(flag).has(flag)).isFalse();
    }
  }

  @Test
  void aKeywordKeepsTheSpellingItWasFirstSeenIn() {
    Flags flags = Flags.ofKeywords(List.of("$Junk")).plus(Flags.ofKeywords(List.of("$JUNK")));
    assertThat(flags.keywords()).containsExactly("$Junk");
    assertThat(flags.hasKeyword("$junk")).isTrue();
  }

  @Test
  void systemFlagsComeFirstOnTheWire() {
    Flags flags = Flags.ofKeywords(List.of("b", "A")).plus(SystemFlag.SEEN).plus(SystemFlag.DRAFT);
    assertThat(flags).hasToString("(\\Seen \\Draft A b)");
  }
}
