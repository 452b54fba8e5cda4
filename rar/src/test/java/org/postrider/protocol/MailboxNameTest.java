package org.postrider.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailboxNameTest {

  @Property
  void aNameIsRefusedOrItsPartsAreFileNames(@ForAll String text) {
    checkParts(text);
  }

  @FuzzTest
  void fuzzedNamesAreRefusedOrTheirPartsAreFileNames(FuzzedDataProvider data) {
    checkParts(data.consumeRemainingAsString());
  }

  private static void checkParts(String text) {
    MailboxName name;
    try {
      name = MailboxName.parse(text);
    } catch (MailboxNameException e) {
      assertThat(e).hasMessageMatching("\\S.*\\.");
      return;
    }
    String value = name.value();
    assertThat(value.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(260);
    assertThat(value).doesNotContain("/", "\0", "\n", "\r", "..");
    for (String part : value.split("\\.", -1)) {
      assertThat(part).isNotEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "inbox,INBOX",
    "Inbox.a,INBOX.a",
    "INBOXES,INBOXES",
    "inboxes.a,inboxes.a",
    "a.inbox,a.inbox"
  })
  void inboxIsOneNameWhateverItsCase(String text, String value) throws Exception {
    assertThat(MailboxName.parse(text).value()).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        ".a",
        "a.",
        "a..b",
        "a/b",
        "/",
        "INBOX./etc",
        "INBOX...etc",
        "a\0b",
        "a\tb",
        "a\u007Fb",
        "a\u0085b",
        "a\uD800b",
        "\uDC00"
      })
  void whatCouldLeadOutOfTheMaildirIsRefused(String text) {
    assertThatThrownBy(() -> MailboxName.parse(text)).isInstanceOf(MailboxNameException.class);
  }

  @Test
  void aNameTooLongForAFileIsRefused() throws Exception {
    String longest = "INBOX." + "a".repeat(254);
    assertThat(MailboxName.parse(longest).value()).isEqualTo(longest);
    assertThatThrownBy(() -> MailboxName.parse(longest + "a"))
        .isInstanceOf(MailboxNameException.class);
    assertThatThrownBy(() -> MailboxName.parse("INBOX." + "é".repeat(128)))
        .isInstanceOf(MailboxNameException.class);
  }

  @Test
  void aNameBeginsBelowAnotherOnlyAtASeparator() {
    MailboxName a = new MailboxName("INBOX.a");
    assertThat(new MailboxName("INBOX.a.b").isBelow(a)).isTrue();
    assertThat(new MailboxName("INBOX.ab").isBelow(a)).isFalse();
    assertThat(a.isBelow(a)).isFalse();
    assertThat(a.isPersonal()).isTrue();
    assertThat(new MailboxName("INBOXa").isPersonal()).isFalse();
  }
}
