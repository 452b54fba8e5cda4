package org.postrider.auth.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {

  @Test
  void readsEveryKindOfValue() throws Exception {
    JsonObject object =
        JsonObject.parse(
            """
             { "text" : "a\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\\ud83d\\ude00", "number":-12.5e+2,"zero":0,
              "yes":true, "no":false, "nothing":null, "list":["a", 1, {"b":"c"}, [ ]], "empty":{} }
            """);

    assertThat(object.string("text")).contains("a\"\\/\b\f\n\r\t\u00e4\ud83d\ude00");
    assertThat(object.number("number").orElseThrow()).isEqualByComparingTo("-1250");
    assertThat(object.number("zero")).contains(BigDecimal.ZERO);
    assertThat(object.isTrue("yes")).isTrue();
    assertThat(object.isTrue("no")).isFalse();
    assertThat(object.has("nothing")).isTrue();
    assertThat(object.string("nothing")).isEmpty();
    assertThat(object.strings("list")).containsExactly("a");
    assertThat(object.objects("list").getFirst().string("b")).contains("c");
    assertThat(object.strings("text")).hasSize(1);
    assertThat(object.strings("nowhere")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "1",
        "\"a\"",
        "{",
        "{}}",
        "{} x",
        "{,}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":01}",
        "{\"a\":1.}",
        "{\"a\":.5}",
        "{\"a\":+1}",
        "{\"a\":-}",
        "{\"a\":1e}",
        "{\"a\":1e9999}",
        "{\"a\":NaN}",
        "{\"a\":tru}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12g4\"}",
        "{\"a\":\"\n\"}",
        "{\"a\":\"",
        "{\"a\":[1,]}",
        "{\"a\":[1 2]}",
        "{\"a\":1,\"a\":2}",
        "{\"a\":1/*c*/}",
        "\ufeff{}",
        "{\"a\":123456789012345678901234567890123}"
      })
  void refusesWhatRfc8259DoesNotHave(String text) {
    assertThatThrownBy(() -> JsonObject.parse(text)).isInstanceOf(JsonException.class);
  }

  @Test
  void deepNestingEnds() {
    String deep = "{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
    assertThatThrownBy(() -> JsonObject.parse(deep))
        .isInstanceOf(JsonException.class)
        .hasMessageContaining("no deeper level");
  }

  @FuzzTest
  void anyOctetsAreAnObjectOrNot(byte[] octets) {
    anyTextIsAnObjectOrNot(new String(octets, StandardCharsets.UTF_8));
  }

  @Property
  void anyTextIsAnObjectOrNot(@ForAll String text) {
    for (String spelled : new String[] {text, "{\"a\":" + text + "}", "{\"" + text}) {
      try {
        assertThat(JsonObject.parse(spelled)).isNotNull();
      } catch (JsonException noObject) {
        assertThat(noObject).hasMessageContaining("position");
      }
    }
  }
}
