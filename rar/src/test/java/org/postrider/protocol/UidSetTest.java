package org.postrider.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class UidSetTest {

  /** A range of a set, small enough that sets overlap. */
  record Range(long first, long last) {}

  @Provide
  Arbitrary<List<Range>> ranges() {
    return Arbitraries.longs()
        .between(1, 120)
        .tuple2()
        .map(t -> new Range(Math.min(t.get1(), t.get2()), Math.max(t.get1(), t.get2())))
        .filter(range -> range.last() - range.first() < 20)
        .list()
        .ofMaxSize(12);
  }

  @Property
  void aSetHoldsWhatWasAddedInWhateverOrder(@ForAll("ranges") List<Range> ranges) {
    checkAgainstTreeSet(ranges);
  }

  @FuzzTest
  void fuzzedSetsHoldWhatWasAdded(FuzzedDataProvider data) {
    List<Range> ranges = new ArrayList<>();
    while (data.remainingBytes() > 1 && ranges.size() < 200) {
      long first = data.consumeLong(1, 5000);
      ranges.add(new Range(first, first + data.consumeLong(0, 50)));
    }
    checkAgainstTreeSet(ranges);
  }

  private static void checkAgainstTreeSet(List<Range> ranges) {
    TreeSet<Long> oracle = new TreeSet<>();
    UidSet.Builder builder = new UidSet.Builder();
    for (Range range : ranges) {
      builder.add(range.first(), range.last());
      for (long uid = range.first(); uid <= range.last(); uid++) {
        oracle.add(uid);
      }
    }
    UidSet set = builder.build();
    assertThat(set.toArray()).containsExactly(oracle.stream().mapToLong(Long::longValue).toArray());
    assertThat(set.size()).isEqualTo(oracle.size());
    assertThat(set.isEmpty()).isEqualTo(oracle.isEmpty());
    for (long uid = 1; uid <= 160; uid++) {
      assertThat(set.contains(uid)).isEqualTo(oracle.contains(uid));
    }
    for (int i = 1; i < set.ranges(); i++) {
      assertThat(set.first(i)).isGreaterThan(set.last(i - 1) + 1);
    }
    UidSet.Builder oneByOne = new UidSet.Builder();
    oracle.forEach(oneByOne::add);
    assertThat(oneByOne.build()).isEqualTo(set).hasSameHashCodeAs(set);
  }

  @Test
  void aSetIsWrittenAsOnTheWire() {
    UidSet set = new UidSet.Builder().add(8, 11).add(4).add(12).add(9).build();
    assertThat(set).hasToString("4,8:12");
    assertThat(UidSet.EMPTY).hasToString("");
  }

  @Test
  void aSetOfAllUidsThereCanBeCostsOneRange() {
    UidSet all = UidSet.ofRange(1, UidSet.MAX_UID);
    assertThat(all.ranges()).isEqualTo(1);
    assertThat(all.size()).isEqualTo(4294967295L);
    assertThat(all.contains(UidSet.MAX_UID)).isTrue();
    assertThat(all.contains(0)).isFalse();
  }

  @Test
  void whatIsNoUidIsRefused() {
    assertThatThrownBy(() -> UidSet.of(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> UidSet.of(UidSet.MAX_UID + 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> UidSet.ofRange(5, 4)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void manyRangesInFallingOrderAreSortedInTime() {
    UidSet.Builder builder = new UidSet.Builder();
    for (long uid = 400_000; uid > 0; uid -= 2) {
      builder.add(uid);
    }
    UidSet set = builder.build();
    assertThat(set.ranges()).isEqualTo(200_000);
    assertThat(List.of(set.first(0), set.last(199_999)).stream().collect(Collectors.toList()))
        .containsExactly(2L, 400_000L);
  }
}
