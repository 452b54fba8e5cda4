package org.postrider.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.postrider.protocol.SortKey;

class OrderingTest {

  @Property(tries = 500)
  void theFirstColumnCountsMostAndEqualsStayInPlace(
      @ForAll @Size(max = 200) List<@IntRange(max = 9) Integer> values,
      @ForAll boolean reverse1,
      @ForAll boolean reverse2) {
    long[] first = values.stream().mapToLong(value -> value / 4).toArray();
    long[] second = values.stream().mapToLong(value -> value % 4).toArray();
    Comparator<Integer> by1 = Comparator.comparingLong(i -> first[i]);
    Comparator<Integer> by2 = Comparator.comparingLong(i -> second[i]);
    List<Integer> expected =
        IntStream.range(0, values.size())
            .boxed()
            .sorted(
                (reverse1 ? by1.reversed() : by1).thenComparing(reverse2 ? by2.reversed() : by2))
            .toList();
    int[] sorted =
        new Ordering(new long[][] {first, second}, new boolean[] {reverse1, reverse2})
            .sorted(values.size());
    assertThat(sorted).containsExactly(expected.stream().mapToInt(i -> i).toArray());
  }

  @Test
  void whatWasReadOnceIsNotReadAgain() throws IOException {
    FolderHeaders headers = new FolderHeaders(1);
    List<Long> read = new ArrayList<>();
    FolderHeaders.Source source =
        uids -> {
          Arrays.stream(uids).forEach(read::add);
          return Arrays.stream(uids).mapToObj(OrderingTest::header).toArray(MessageHeader[]::new);
        };
    long[] all = LongStream.rangeClosed(1, 9).toArray();
    headers.of(all, new long[] {2, 4, 9}, source);
    assertThat(read).containsExactly(2L, 4L, 9L);
    read.clear();
    HeaderTable table = headers.of(all, all, source);
    assertThat(read).containsExactly(1L, 3L, 5L, 6L, 7L, 8L);
    assertThat(table.column(SortKey.DATE, all)).containsExactly(1, 2, 3, 4, 5, 6, 7, 0, 9);
    assertThat(table.column(SortKey.SUBJECT, all)).containsExactly(1, 2, 3, 4, 5, 6, 7, 0, 8);
    read.clear();
    headers.of(all, all, source);
    assertThat(read).containsExactly(8L); // could not be read, so it is asked for again
  }

  /** Number 8 can't be read. */
  private static MessageHeader header(long uid) {
    byte[] text = ("subject " + uid).getBytes(StandardCharsets.US_ASCII);
    return uid == 8
        ? null
        : new MessageHeader(
            uid, uid, List.of(text, text, text, text, text, text), false, uid, new long[] {uid});
  }

  @Test
  void messagesThatAreGoneAreForgotten() throws IOException {
    FolderHeaders headers = new FolderHeaders(1);
    FolderHeaders.Source source =
        uids -> {
          MessageHeader[] read = new MessageHeader[uids.length];
          Arrays.setAll(read, i -> header(100 + uids[i]));
          return read;
        };
    long[] many = LongStream.rangeClosed(1, 20_000).toArray();
    headers.of(many, many, source);
    long before = headers.octets();
    long[] few = LongStream.rangeClosed(19_991, 20_001).toArray();
    HeaderTable table = headers.of(few, few, source);
    assertThat(table.size()).isEqualTo(11);
    assertThat(headers.octets()).isLessThan(before / 100);
    assertThat(table.column(SortKey.DATE, few)).startsWith(20_091).endsWith(20_101);
    assertThat(MessageHeader.unreadable(Instant.EPOCH).references()).isEmpty();
  }
}
