package org.postrider.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postrider.protocol.Address;

class AddressParserTest {

  /** {@code name|route|mailbox|host}, with {@code -} for what is not there. */
  private static String told(String text) {
    return AddressParser.parse(text, 1000).stream()
        .map(
            a ->
                part(a.name())
                    + '|'
                    + part(a.route())
                    + '|'
                    + part(a.mailbox())
                    + '|'
                    + part(a.host()))
        .collect(Collectors.joining(" , "));
  }

  private static String part(String value) {
    return value == null ? "-" : value;
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '#',
      value = {
        "John Doe <jdoe@machine.example> # John Doe|-|jdoe|machine.example",
        "\"Joe Q. Public\" <john.q.public@example.com> # Joe Q. Public|-|john.q.public|example.com",
        "Mary Smith <mary@x.test>, jdoe@example.org, Who? <one@y.test> # Mary Smith|-|mary|x.test ,"
            + " -|-|jdoe|example.org , Who?|-|one|y.test",
        "<boss@nil.test>, \"Giant; \\\"Big\\\" Box\" <sysservices@example.net> # -|-|boss|nil.test"
            + " , Giant; \"Big\" Box|-|sysservices|example.net",
        "A Group:Ed Jones <c@a.test>,joe@where.test,John <jdoe@one.test>; # -|-|A Group|- , Ed"
            + " Jones|-|c|a.test , -|-|joe|where.test , John|-|jdoe|one.test , -|-|-|-",
        "Undisclosed recipients:; # -|-|Undisclosed recipients|- , -|-|-|-",
        "Pete(A nice \\) chap) <pete(his account)@silly.test(his host)> # Pete|-|pete|silly.test",
        "joe@example.com (Joe (the \"first\") Doe) # Joe (the \"first\") Doe|-|joe|example.com",
        "<@a.test,@b.test:mary@c.test> # -|@a.test,@b.test|mary|c.test",
        "\"john doe\"@example.com # -|-|john doe|example.com",
        "john . doe @ example . com # -|-|john.doe|example.com",
        "x@[127.0.0.1] # -|-|x|[127.0.0.1]",
        "john@doe.com <john@doe.com> # john@doe.com|-|john|doe.com",
        "root # -|-|root|",
        "Foo Bar # Foo Bar|-||",
        "Foo <> # Foo|-||",
        "a@b,,c@d, # -|-|a|b , -|-|c|d",
        "Foo <foo@bar.com, Bar <b@c> # Foo|-|foo|bar.com , Bar|-|b|c",
        "\"open <a@b>, c@d # \"open|-|a|b , -|-|c|d",
        "(open a@b # -|-|(opena|b",
        "g: a@b, c@d # -|-|g|- , -|-|a|b , -|-|c|d , -|-|-|-",
        "=?utf-8?Q?J=C3=BCrgen?= <j@x> # =?utf-8?Q?J=C3=BCrgen?=|-|j|x",
        "a@b; c@d # -|-|a|b , -|-|c|d",
      })
  void listIsTakenApart(String text, String addresses) {
    assertThat(told(text)).isEqualTo(addresses);
  }

  @Test
  void nothingIsNoAddress() {
    assertThat(told("")).isEmpty();
    assertThat(told(" , (only a comment), ")).isEmpty();
  }

  @Test
  void listIsCutAtItsLimit() {
    assertThat(AddressParser.parse("a@b,".repeat(50), 7))
        .hasSize(7)
        .containsOnly(new Address(null, null, "a", "b"));
  }
}
