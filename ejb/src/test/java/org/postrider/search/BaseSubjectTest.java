package org.postrider.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postrider.transcript.NaiveSubject;

/** RFC 5256 section 2.1. */
class BaseSubjectTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "hello|hello|false",
        "Re: hello|hello|true",
        "RE :  hello   world|hello world|true",
        "re[4]: hello|hello|true",
        "Fwd: hello|hello|true",
        "fw [x] : hello|hello|true",
        "Re: Fw: Re[2]: hello (fwd) (FWD)|hello|true",
        "[list] hello|hello|false",
        "[list] Re: [list] hello|hello|true",
        "[a][b] hello|hello|false",
        "[a] [b]|[b]|false",
        "[list]|[list]|false",
        "Re: [list]|[list]|true",
        "[Fwd: hello]|hello|true",
        "[fwd: [fwd: Re: hello (fwd)]]|hello|true",
        "[fwd: a] b|b|false",
        "hello (fwd)|hello|true",
        "(fwd)|\"\"|true",
        "Re:|\"\"|true",
        "Re: Re:|\"\"|true",
        "Rehearsal: hello|Rehearsal: hello|false",
        "fwdx: hello|fwdx: hello|false",
        "[fwd:]|\"\"|true",
        "[unclosed Re: hello|[unclosed Re: hello|false",
        "Re[unclosed: hello|Re[unclosed: hello|false",
        "AW: hello|AW: hello|false"
      })
  void whatRepliesPutAroundItIsTakenOff(String subject, String base, boolean reply) {
    assertThat(BaseSubject.of(subject)).isEqualTo(new BaseSubject(base, reply));
    assertThat(NaiveSubject.of(subject)).isEqualTo(new NaiveSubject(base, reply));
  }

  @Property(tries = 3000)
  void itIsWhatTheStandardSaysWordByWord(@ForAll("subjects") String subject) {
    BaseSubject base = BaseSubject.of(subject);
    assertThat(new NaiveSubject(base.text(), base.reply())).isEqualTo(NaiveSubject.of(subject));
  }

  @Provide
  Arbitrary<String> subjects() {
    return Arbitraries.of(
            "Re", "re:", "RE :", "fw", "Fwd:", "fwd", ":", "[", "]", "[x]", "[fwd:", "(fwd)",
            "(fwd", " ", "  ", "\t", "a", "é", "[y z] ")
        .list()
        .ofMaxSize(12)
        .map(parts -> String.join("", parts));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[a]", "[a] ", "Re:", "re[x]:", "[x]re:", "[", "[fwd:", "(fwd)", "]", "Re[", "[fwd:x]"
      })
  void hostileSubjectsCostATimeThatGrowsWithTheirLength(String part) {
    String subject = part.repeat(200_000);
    assertTimeoutPreemptively(Duration.ofSeconds(10), () -> BaseSubject.of(subject));
    assertTimeoutPreemptively(Duration.ofSeconds(10), () -> BaseSubject.of(subject + "x"));
    assertTimeoutPreemptively(
        Duration.ofSeconds(10), () -> BaseSubject.of(subject + "x" + "]".repeat(200_000)));
  }
}
