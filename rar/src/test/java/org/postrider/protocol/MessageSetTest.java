package org.postrider.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageSetTest {

  /** RFC 3501 section 9, seq-range; 0 stands for the asterisk. */
  @ParameterizedTest
  @CsvSource({
    "2,4,10,2,4",
    "4,2,10,2,4",
    "2,0,10,2,10",
    "0,12,10,10,12",
    "0,0,10,10,10",
    "3,3,0,3,3"
  })
  void rangesAreReadInEitherOrder(long first, long last, long largest, long low, long high) {
    MessageSet.Range range = new MessageSet.Range(first, last);
    assertThat(range.low(largest)).isEqualTo(low);
    assertThat(range.high(largest)).isEqualTo(high);
  }

  @Test
  void whatIsNoMessageNumberIsRefused() {
    assertThatThrownBy(() -> new MessageSet.Range(-1, 1)).isInstanceOf(RuntimeException.class);
    assertThatThrownBy(() -> new MessageSet.Range(1, UidSet.MAX_UID + 1))
        .isInstanceOf(RuntimeException.class);
    assertThatThrownBy(() -> new MessageSet(List.of(), false)).isInstanceOf(RuntimeException.class);
  }
}
