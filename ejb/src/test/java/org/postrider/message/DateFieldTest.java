package org.postrider.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.OffsetDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DateFieldTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "Fri, 21 Nov 1997 09:55:06 -0600 # 1997-11-21T09:55:06-06:00",
        "Thu,      13  Feb 1969 23:32 -0330 (Newfoundland (Time)) # 1969-02-13T23:32-03:30",
        "21 Nov 97 09:55:06 GMT # 1997-11-21T09:55:06Z",
        "1 Jan 03 00:00 EST # 2003-01-01T00:00-05:00",
        "Fri, 21 Nov 1997 09(comment):   55  :  06 -0600 # 1997-11-21T00:00Z",
        "Tue Apr  1 10:00:00 2003 # 2003-04-01T10:00Z",
        "Tue Apr  1 10:00:00 CEST 2003 # 2003-04-01T10:00Z",
        "Tue Apr  1 10:00:00 +0200 2003 # 2003-04-01T10:00+02:00",
        "April 1, 2003 3:04 pm # 2003-04-01T15:04Z",
        "01-Apr-2003 10:00:00 +0200 # 2003-04-01T10:00+02:00",
        "10:00 01-Apr-2003 # 2003-04-01T10:00Z",
        "2003-04-01T10:00:00.5+02:00 # 2003-04-01T10:00+02:00",
        "2003-04-01 # 2003-04-01T00:00Z",
        "31 Dec 1998 23:59:60 +0000 # 1998-12-31T23:59:59Z",
        "1 Jan 2000 99:99:99 +9999 # 2000-01-01T00:00Z",
        "1 Jan 100 10:00 +0000 # 2000-01-01T10:00Z",
      })
  void datesAreRead(String text, String date) {
    assertThat(DateField.parse(text)).contains(OffsetDateTime.parse(date));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "yesterday",
        "31 Feb 2003",
        "0 Jan 2003",
        "1 Jan",
        "Jan 2003 99999999999999999999"
      })
  void whatIsNoDateIsNone(String text) {
    assertThat(DateField.parse(text)).isEmpty();
  }

  @Test
  void missingFieldIsNoDate() {
    assertThat(DateField.parse(null)).isEmpty();
  }
}
