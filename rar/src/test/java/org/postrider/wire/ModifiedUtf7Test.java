package org.postrider.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postrider.protocol.MailboxNameException;

class ModifiedUtf7Test {

  /** RFC 3501 section 5.1.3, and what is near its examples. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "~peter/mail/&U,BTFw-/&ZeVnLIqe- | ~peter/mail/台北/日本語",
        "&Jjo-! | ☺!",
        "&U,BTF2XlZyyKng- | 台北日本語",
        "&- | &",
        "a&-b | a&b",
        "Entw&APw-rfe | Entwürfe",
        "&2D3eCQ- | 😉",
        "INBOX | INBOX",
      })
  void namesAreSpelled(String encoded, String name) throws Exception {
    assertThat(ModifiedUtf7.decode(encoded)).isEqualTo(name);
    assertThat(ModifiedUtf7.encode(name)).isEqualTo(encoded);
  }

  /** Two spellings of one name would be two mailboxes to a client. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "&Jjo!",
        "&Jjo",
        "&",
        "a&",
        "&U,BTFw-&ZeVnLIqe-",
        "&AGE-",
        "&AC8-",
        "&Jjo=-",
        "&J-",
        "&JjoA-",
        "&2D0-",
        "&3gk-",
        "&AA/-",
        "&!-",
        "&U,BTFx-",
        "é",
        "a\u007Fb",
        "a\tb",
        "&&-"
      })
  void otherSpellingsAreRefused(String encoded) {
    assertThatThrownBy(() -> ModifiedUtf7.decode(encoded)).isInstanceOf(MailboxNameException.class);
  }

  @Provide
  Arbitrary<String> unicode() {
    Arbitrary<Integer> codePoints =
        Arbitraries.oneOf(
                Arbitraries.integers().between(0x20, 0x7E),
                Arbitraries.integers().between(0xA0, 0xD7FF),
                Arbitraries.integers().between(0xE000, 0x10FFFF))
            .filter(Character::isValidCodePoint);
    return codePoints
        .list()
        .ofMaxSize(20)
        .map(
            list -> {
              StringBuilder text = new StringBuilder();
              list.forEach(text::appendCodePoint);
              return text.toString();
            });
  }

  @Property
  void decodingUndoesEncoding(@ForAll("unicode") String name) throws Exception {
    String encoded = ModifiedUtf7.encode(name);
    assertThat(encoded).matches("[ -~]*");
    assertThat(ModifiedUtf7.decode(encoded)).isEqualTo(name);
  }

  @Provide
  Arbitrary<String> nearlyEncoded() {
    return Arbitraries.strings().withChars("&-,AJUjow+/=!é").ofMaxLength(16);
  }

  @Property(tries = 5000)
  void anythingIsANameOrAnError(@ForAll("nearlyEncoded") String text) {
    check(text);
  }

  @FuzzTest
  void fuzzedTextIsANameOrAnError(FuzzedDataProvider data) {
    check(data.consumeRemainingAsString());
  }

  private static void check(String text) {
    try {
      assertThat(ModifiedUtf7.encode(ModifiedUtf7.decode(text))).isEqualTo(text);
    } catch (MailboxNameException e) {
      assertThat(e).hasMessageContaining("modified UTF-7");
    }
  }
}
