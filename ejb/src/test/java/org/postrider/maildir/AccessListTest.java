package org.postrider.maildir;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.postrider.protocol.AccessIdentifier;
import org.postrider.protocol.Right;
import org.postrider.protocol.Rights;
import org.postrider.protocol.RightsChange;

class AccessListTest {

  /** Written by Courier-IMAP 5.0.13. */
  private static final String COURIER =
      """
      owner aceilrstwx
      administrators aceilrstwx
      user=john ilrsw
      anyone lr
      -user=jane@example.com r
      """;

  private static final List<String> WHOM =
      List.of("owner", "anyone", "anonymous", "user=ann", "user=bob", "group=staff", "group=sales");

  private static AccessList parse(String text) {
    return AccessList.parse(text.getBytes(UTF_8));
  }

  private static String text(AccessList list) {
    return new String(list.format(), UTF_8);
  }

  private static Identity user(String name, String... groups) {
    return new Identity(name, Set.of(groups), false);
  }

  private static String letters(AccessList list, Identity who) {
    return list.rights(who).letters();
  }

  private static RightsChange change(String text) {
    return RightsChange.parse(text);
  }

  private static AccessIdentifier whom(String said) {
    return AccessIdentifier.parse(said);
  }

  @Test
  void couriersFileIsReadAndWrittenAsItIs() {
    AccessList list = parse(COURIER);
    assertThat(text(list)).isEqualTo(COURIER);
    assertThat(letters(list, user("john"))).isEqualTo("lrswi");
    assertThat(letters(list, user("jane@example.com"))).isEqualTo("l");
    assertThat(letters(list, user("somebody"))).isEqualTo("lr");
    assertThat(letters(list, new Identity("fred", Set.of(), true))).isEqualTo("lrswikxtea");
    assertThat(text(AccessList.DEFAULT)).isEqualTo("owner aceilrstwx\nadministrators aceilrstwx\n");
  }

  /** What Courier's maildiracl makes of the same file, for each of these. */
  @Test
  void oddLinesAreReadAsCourierReadsThem() {
    AccessList list =
        parse(
            "owner wa\nadministrators lr\n-administrators r\nanyone l\nanonymous r\nauthuser s\n"
                + "user=john w\n-user=john l\ngroup=staff t\n-group=staff r\nuser=john i\nbroken\n"
                + " empty x\nuser=trail e  \nuser=two   spaces x\nuser=tab\tk lr\nuser=wide   lr\n"
                + "user=return lr\r\n-anyone x\nuser=last wwrr");
    assertThat(text(list))
        .isEqualTo(
            "owner aw\nadministrators aceilrstwx\nanyone l\nanonymous r\nauthuser s\n"
                + "user=john i\n-user=john l\ngroup=staff t\n-group=staff r\nbroken \n"
                + "user=wide lr\n-anyone x\nuser=last rw\n");
    assertThat(letters(list, user("john"))).isEqualTo("ri");
    assertThat(letters(list, user("john", "staff"))).isEqualTo("it");
    assertThat(letters(list, user("jane", "administrators"))).isEqualTo("lrswiktea");
    assertThat(letters(list, user("jane"))).isEqualTo("lr");
    assertThat(letters(list, new Identity("zoe", Set.of(), true))).isEqualTo("lrwa");
  }

  @Test
  void administratorsMayEverythingWhateverTheFileSays() {
    assertThat(parse("owner al\n").rights(user("x", "administrators"))).isEqualTo(Rights.ALL);
    AccessList list = parse("group=administrators l\nowner al\n");
    assertThat(list.rights(user("x", "administrators"))).isEqualTo(Rights.ALL);
    assertThat(text(list)).isEqualTo("group=administrators aceilrstwx\nowner al\n");
  }

  @Test
  void aFileThatAPowerCutLeftEmptyLocksNobodyOutAndLetsNobodyIn() {
    assertThat(parse("")).isSameAs(AccessList.DEFAULT);
    assertThat(parse(text(AccessList.DEFAULT))).isSameAs(AccessList.DEFAULT);
  }

  @Test
  void theOwnerMayAlwaysChangeTheListButNotMore() {
    Identity fred = new Identity("fred", Set.of(), true);
    assertThat(letters(parse("owner r\n-user=fred r\n"), fred)).isEqualTo("a");
  }

  @Test
  void lettersThatAreNoRightsStayAndMeanNothing() throws Exception {
    AccessList list = parse("owner al\nuser=ann Lklz\nadministrators aceilrstwx\n");
    assertThat(letters(list, user("ann"))).isEqualTo("l");
    assertThat(text(list.with(whom("ann"), change("+r")))).contains("user=ann Lklrz\n");
    assertThat(text(list.with(whom("ann"), change("-l")))).contains("user=ann Lkz\n");
    assertThat(text(list.with(whom("ann"), change("lr")))).contains("user=ann lr\n");
    assertThat(text(list.with(whom("ann"), change("")))).doesNotContain("ann");
  }

  @Test
  void createIsWrittenAsCourierWritesIt() throws Exception {
    AccessList list = AccessList.DEFAULT.with(whom("ann"), change("lrdk"));
    assertThat(text(list)).endsWith("user=ann celrtx\n");
    assertThat(text(list.with(whom("ann"), change("-c")))).endsWith("user=ann elrtx\n");
    assertThat(text(list.with(whom("-group=staff"), change("p")))).endsWith("-group=staff p\n");
  }

  @Test
  void administratorsAreOneWhateverTheyAreCalled() throws Exception {
    AccessList list = parse("owner al\ngroup=administrators l\n");
    for (String said : List.of("administrators", "group=administrators")) {
      assertThat(text(list.with(whom(said), change("+p"))))
          .isEqualTo("owner al\ngroup=administrators aceilprstwx\n");
    }
  }

  @Test
  void ownerAndAdministratorsKeepWhatTheyMustHave() {
    for (String refused :
        List.of(
            "owner r",
            "owner -a",
            "owner -l",
            "-owner a",
            "-owner l",
            "-anyone s",
            "-anonymous a",
            "administrators lr",
            "-administrators r",
            "-group=administrators r")) {
      String[] words = refused.split(" ");
      assertThatThrownBy(() -> AccessList.DEFAULT.with(whom(words[0]), change(words[1])))
          .as(refused)
          .isInstanceOfSatisfying(
              MaildirException.class,
              e -> assertThat(e.reason()).isEqualTo(MaildirException.Reason.CANNOT));
    }
  }

  @Test
  void whatAFileOfWordsCantHoldIsRefused() {
    assertThatThrownBy(() -> AccessList.DEFAULT.with(whom("John Doe"), change("lr")))
        .isInstanceOf(MaildirException.class)
        .hasMessageContaining("space");
  }

  @Test
  void thereIsAMostOfEntries() throws Exception {
    AccessList list = AccessList.DEFAULT;
    for (int i = 2; i < 1_000; i++) {
      list = list.with(whom("user" + i), change("l"));
    }
    AccessList full = list;
    assertThatThrownBy(() -> full.with(whom("one.more"), change("l")))
        .isInstanceOf(MaildirException.class)
        .hasMessageContaining("1000");
    assertThat(full.with(whom("user5"), change("")).size()).isEqualTo(999);
  }

  @Test
  void identifiersAreUtf8() throws Exception {
    AccessList list = AccessList.DEFAULT.with(whom("jé"), change("l"));
    assertThat(text(list)).endsWith("user=jé l\n");
    assertThat(letters(parse(text(list)), user("jé"))).isEqualTo("l");
    AccessList latin = AccessList.parse("user=j\u00e9 l\n".getBytes(ISO_8859_1));
    assertThat(letters(latin, user("jé"))).isEmpty();
    assertThat(new String(latin.format(), ISO_8859_1)).startsWith("user=j\u00e9 l\n");
    latin.forEach((identifier, rights) -> assertThat(identifier.stored()).doesNotContain("j"));
  }

  @Test
  void whatListrightsTellsIsWhatIsNotRefused() throws Exception {
    for (String said :
        List.of("ann", "-ann", "owner", "-owner", "administrators", "-anyone", "group=x")) {
      AccessIdentifier identifier = whom(said);
      Rights always = AccessList.always(identifier);
      for (Right right : Right.values()) {
        Rights asked = Rights.of(right).plus(always);
        boolean may = AccessList.grantable(identifier).has(right);
        try {
          AccessList.DEFAULT.with(identifier, new RightsChange(RightsChange.Kind.REPLACE, asked));
          assertThat(may).as("%s %s", said, right).isTrue();
        } catch (MaildirException e) {
          assertThat(may).as("%s %s", said, right).isFalse();
        }
      }
    }
  }

  @Provide
  Arbitrary<Map<String, String>> entries() {
    Arbitrary<String> identifiers =
        Arbitraries.of(WHOM).flatMap(whom -> Arbitraries.of(whom, "-" + whom));
    Arbitrary<String> letters =
        Arbitraries.of(List.of('a', 'c', 'e', 'i', 'l', 'r', 's', 't', 'w', 'x', 'p'))
            .list()
            .ofMaxSize(11)
            .map(AccessListTest::joined);
    return Arbitraries.maps(identifiers, letters).ofMaxSize(10);
  }

  private static String joined(List<Character> letters) {
    StringBuilder text = new StringBuilder();
    letters.forEach(text::append);
    return text.toString();
  }

  private static AccessList of(Map<String, String> entries) {
    StringBuilder text = new StringBuilder("administrators aceilrstwx\n");
    entries.forEach((whom, letters) -> text.append(whom).append(' ').append(letters).append('\n'));
    return parse(text.toString());
  }

  /** Told again in other words: letter by letter. */
  @Property
  void rightsAreAUnionWithoutAUnion(@ForAll("entries") Map<String, String> entries) {
    Map<Identity, Set<String>> people = new LinkedHashMap<>();
    people.put(user("ann"), Set.of("anyone", "anonymous", "user=ann"));
    people.put(
        user("bob", "staff", "sales"),
        Set.of("anyone", "anonymous", "user=bob", "group=staff", "group=sales"));
    people.put(
        new Identity("ann", Set.of("staff"), true),
        Set.of("anyone", "anonymous", "user=ann", "group=staff", "owner"));
    people.forEach(
        (who, meant) -> {
          Rights rights = of(entries).rights(who);
          for (Right right : Right.values()) {
            String letter = right == Right.CREATE ? "c" : String.valueOf(right.letter());
            boolean granted =
                meant.stream().anyMatch(id -> entries.getOrDefault(id, "").contains(letter));
            boolean taken =
                meant.stream().anyMatch(id -> entries.getOrDefault("-" + id, "").contains(letter));
            boolean always = who.owner() && right == Right.ADMINISTER;
            assertThat(rights.has(right))
                .as("%s of %s", right, who)
                .isEqualTo(always || (granted && !taken));
          }
        });
  }

  @Property
  void aListIsWhatItsFileSays(@ForAll("entries") Map<String, String> entries) {
    AccessList list = of(entries);
    assertThat(AccessList.parse(list.format())).isEqualTo(list);
  }

  @Property
  void aChangeChangesOneEntryAndNoOther(
      @ForAll("entries") Map<String, String> entries,
      @ForAll("entries") Map<String, String> changes) {
    AccessList list = of(entries);
    for (Map.Entry<String, String> entry : changes.entrySet()) {
      AccessIdentifier identifier = new AccessIdentifier(entry.getKey());
      RightsChange change = change(entry.getValue().replace('c', 'k'));
      try {
        AccessList after = list.with(identifier, change);
        assertThat(rightsIn(after).getOrDefault(identifier.stored(), Rights.NONE))
            .isEqualTo(change.rights());
        assertThat(without(after, identifier)).isEqualTo(without(list, identifier));
        list = after;
      } catch (MaildirException e) {
        assertThat(e.reason()).isEqualTo(MaildirException.Reason.CANNOT);
      }
    }
  }

  private static Map<String, Rights> without(AccessList list, AccessIdentifier identifier) {
    Map<String, Rights> rights = rightsIn(list);
    rights.remove(identifier.stored());
    return rights;
  }

  private static Map<String, Rights> rightsIn(AccessList list) {
    Map<String, Rights> all = new LinkedHashMap<>();
    list.forEach((identifier, rights) -> all.put(identifier.stored(), rights));
    return all;
  }

  @FuzzTest(maxDuration = "1h")
  void anyOctetsAreAListThatIsWrittenAsItIsRead(byte[] octets) {
    AccessList list = AccessList.parse(octets);
    assertThat(AccessList.parse(list.format())).isEqualTo(list);
    assertThat(list.rights(user("x", "administrators")).has(Right.ADMINISTER) || takesFromAll(list))
        .isTrue();
    assertThat(list.rights(new Identity("x", Set.of(), true)).has(Right.ADMINISTER)).isTrue();
  }

  private static boolean takesFromAll(AccessList list) {
    return rightsIn(list).keySet().stream()
        .anyMatch(whom -> Set.of("-anyone", "-anonymous", "-user=x").contains(whom));
  }
}
