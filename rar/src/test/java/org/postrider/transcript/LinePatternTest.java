package org.postrider.transcript;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinePatternTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          OK …                           | OK done                           | true
          OK …                           | NO done                           | false
          OK [CAPABILITY A C …] …        | OK [CAPABILITY A B C D] ready     | true
          OK [CAPABILITY A E …] …        | OK [CAPABILITY A B C D] ready     | false
          * FLAGS (\\Seen \\Draft)         | * FLAGS (\\Draft \\Seen)            | true
          * FLAGS (\\Seen \\Draft)         | * FLAGS (\\Draft \\Seen x)          | false
          * FLAGS (\\Seen \\Draft)         | * FLAGS (\\Draft)                  | false
          * FLAGS (\\Seen …)              | * FLAGS (\\Draft \\Seen x)          | true
          * FLAGS ()                     | * FLAGS ()                        | true
          * CAPABILITY … AUTH=…          | * CAPABILITY A AUTH=PLAIN B       | true
          * CAPABILITY … AUTH=…          | * CAPABILITY A B                  | false
          * FLAGS ()                     | * FLAGS (x)                       | false
          * 1 FETCH (FLAGS (a) UID 7)    | * 1 FETCH (UID 7 FLAGS (a))       | true
          * 1 FETCH (FLAGS () UID $u)    | * 1 FETCH (UID 7 FLAGS ())        | true
          * 1 FETCH (FLAGS () UID 7)     | * 1 FETCH (UID 7 FLAGS () X 1)    | false
          * STATUS "a" (A 1 B 2)         | * STATUS "a" (B 2 A 1)            | true
          * LIST (\\HasNoChildren …) "." "a" | * LIST (\\X \\HasNoChildren) "." "a" | true
          * LIST (\\HasNoChildren) "." "a"   | * LIST (\\X \\HasNoChildren) "." "a" | false
          * $n EXPUNGE                   | * 12 EXPUNGE                      | true
          * … EXPUNGE                    | * 12 EXISTS                       | false
          [COPYUID $v $a:$b $c,$d]       | [COPYUID 12 3:4 7,9]              | true
          [COPYUID $v $a:$b $a]          | [COPYUID 12 3:4 3]                | true
          [COPYUID $v $a:$b $a]          | [COPYUID 12 3:4 4]                | false
          """)
  void linesAreCompared(String expected, String got, boolean matches) {
    assertThat(LinePattern.matches(expected, got, new HashMap<>())).isEqualTo(matches);
  }

  @Test
  void aNameOnceBoundStaysTheSame() {
    Map<String, String> bound = new HashMap<>();
    assertThat(LinePattern.matches("UID $u", "UID 7", bound)).isTrue();
    assertThat(bound).containsEntry("u", "7");
    assertThat(LinePattern.matches("UID $u", "UID 8", bound)).isFalse();
    assertThat(LinePattern.fill("FETCH $u $Label", bound)).isEqualTo("FETCH 7 $Label");
  }

  @Test
  void aLineThatDoesNotMatchBindsNothing() {
    Map<String, String> bound = new HashMap<>();
    assertThat(LinePattern.matches("UID $u x", "UID 7 y", bound)).isFalse();
    assertThat(bound).isEmpty();
  }

  @Test
  void itemsWithLiteralsComeInAnyOrder() {
    String expected = "* 1 FETCH (BODY[TEXT] {6}\r\nhi (\r\n UID 5)";
    assertThat(
            LinePattern.matches(
                expected, "* 1 FETCH (UID 5 BODY[TEXT] {6}\r\nhi (\r\n)", new HashMap<>()))
        .isTrue();
  }
}
