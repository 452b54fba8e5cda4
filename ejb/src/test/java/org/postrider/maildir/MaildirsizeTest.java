package org.postrider.maildir;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaildirsizeTest {

  /** Written by Courier-IMAP 5.0.13. */
  private static final String COURIER =
      """
      10000S,10C
                 0            0
              3013            1
              3013            1
             -3013           -1
      """;

  private static Maildirsize parse(String text) {
    return Maildirsize.parse(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void couriersFileIsReadAndWrittenOctetForOctet() {
    Maildirsize read = parse(COURIER);
    assertThat(read)
        .isEqualTo(
            new Maildirsize(new QuotaLimits(10_000, 10), new QuotaAmount(3013, 1), 4, false));
    byte[] written =
        Maildirsize.format(
            read.limits(),
            List.of(
                QuotaAmount.NONE,
                new QuotaAmount(3013, 1),
                new QuotaAmount(3013, 1),
                new QuotaAmount(-3013, -1)));
    assertThat(new String(written, StandardCharsets.US_ASCII)).isEqualTo(COURIER);
  }

  /** As Courier-IMAP 5.0.13 tells it by GETQUOTAROOT of such a file. */
  @ParameterizedTest
  @CsvSource({
    "'10000S,10C', 10000, 10",
    "'10000S', 10000, 0",
    "'10C', 0, 10",
    "'10000', 0, 0",
    "'0S,0C', 0, 0",
    "'0S,5C', 0, 5",
    "'10000s,10c', 0, 0",
    "'10C,10000S', 10000, 10",
    "'10000S 10C', 10000, 10",
    "'10K', 0, 0",
    "'garbage', 0, 0",
    "'', 0, 0"
  })
  void limitsAreReadAsByCourier(String line, long octets, long messages) {
    assertThat(parse(line + "\n5 1\n").limits()).isEqualTo(new QuotaLimits(octets, messages));
    assertThat(parse(line).limits()).isEqualTo(new QuotaLimits(octets, messages));
  }

  @ParameterizedTest
  @CsvSource({
    "'5 1', 5, 1",
    "' 5 1\n-3 -1\n', 2, 0",
    "'5 1 junk\n7 1\n', 12, 2",
    "'junk\n7 1\n', 7, 1",
    "'5\n7 1\n', 7, 1",
    "'+5 +1\n', 0, 0",
    "'\n5 1\n', 5, 1",
    "'5\t1\r\n', 5, 1",
    "'- 5 1\n', 0, 0"
  })
  void linesAreReadAsByCourier(String lines, long octets, long messages) {
    assertThat(parse("10000S,10C\n" + lines).total()).isEqualTo(new QuotaAmount(octets, messages));
  }

  @Test
  void aLargeFileAndASumBelowZeroAreCountedAnew() {
    assertThat(parse("1S\n5 1\n").isToBeCounted()).isFalse();
    assertThat(parse("1S\n-5 1\n").isToBeCounted()).isTrue();
    assertThat(parse("1S\n5 -1\n").isToBeCounted()).isTrue();
    byte[] large = new byte[Maildirsize.MOST_OCTETS];
    Arrays.fill(large, (byte) '\n');
    assertThat(Maildirsize.parse(large).isToBeCounted()).isTrue();
    assertThat(Maildirsize.parse(Arrays.copyOf(large, large.length - 1)).isToBeCounted()).isFalse();
  }

  @Test
  void numbersBeyondAllBoundsStayLarge() {
    String nines = "9".repeat(40);
    assertThat(parse(nines + "S\n").limits().octets()).isEqualTo(Long.MAX_VALUE);
    Maildirsize read = parse("1S\n" + (nines + " " + nines + "\n").repeat(3));
    assertThat(read.total()).isEqualTo(new QuotaAmount(Long.MAX_VALUE, Long.MAX_VALUE));
    read = parse("1S\n" + ("-" + nines + " -" + nines + "\n").repeat(3));
    assertThat(read.isToBeCounted()).isTrue();
  }

  @Property
  void whatIsWrittenIsRead(
      @ForAll @LongRange(min = 0) long octets,
      @ForAll @LongRange(min = 0) long messages,
      @ForAll @Size(max = 100) List<@LongRange(min = -1L << 50, max = 1L << 50) Long> numbers) {
    List<QuotaAmount> lines = numbers.stream().map(n -> new QuotaAmount(n, n / 7)).toList();
    QuotaAmount sum = QuotaAmount.NONE;
    for (QuotaAmount line : lines) {
      sum = sum.plus(line);
    }
    QuotaLimits limits = new QuotaLimits(octets, messages);
    Maildirsize read = Maildirsize.parse(Maildirsize.format(limits, lines));
    assertThat(read.limits()).isEqualTo(limits);
    assertThat(read.total()).isEqualTo(sum);
    assertThat(read.lines()).isEqualTo(lines.size());
  }

  @FuzzTest
  void anyOctetsAreLimitsAndASum(FuzzedDataProvider data) {
    byte[] octets = data.consumeRemainingAsBytes();
    Maildirsize read =
        Maildirsize.parse(Arrays.copyOf(octets, Math.min(octets.length, Maildirsize.MOST_OCTETS)));
    assertThat(QuotaLimits.parse(read.limits().toString())).isEqualTo(read.limits());
    Maildirsize again = Maildirsize.parse(Maildirsize.format(read.limits(), List.of(read.total())));
    assertThat(again.total()).isEqualTo(read.total());
  }
}
