package org.postrider.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.postrider.mail.Account;
import org.postrider.mail.Changes;
import org.postrider.mail.FlagChange;
import org.postrider.mail.Opened;
import org.postrider.mail.SelectedMailbox;
import org.postrider.protocol.Flags;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.MessageSet;
import org.postrider.protocol.Right;
import org.postrider.protocol.Rights;
import org.postrider.protocol.SystemFlag;
import org.postrider.protocol.UidSet;
import org.postrider.wire.ResponseWriter;
import org.postrider.wire.SyntaxException;

/** What a client is told, and when; and that its numbers are always the ones it knows. */
class MailboxViewTest {

  private static final Flags SEEN = Flags.of(SystemFlag.SEEN);

  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private final ResponseWriter out = new ResponseWriter(Channels.newChannel(sent));

  @Test
  void expungedMessageKeepsItsNumberUntilTheClientIsTold() throws Exception {
    MailboxView view = view(10, 20, 30, 40);
    view.note(vanished(2, UidSet.of(20)));
    assertThat(told(view, false)).isEmpty();
    assertThat(view.number(30)).isEqualTo(3);
    assertThat(view.size()).isEqualTo(4);
    assertThat(told(view, true)).containsExactly("* 2 EXPUNGE");
    assertThat(view.number(30)).isEqualTo(2);
    assertThat(view.number(20)).isZero();
    assertThat(told(view, true)).isEmpty();
  }

  @Test
  void expungesAreToldFromTheLastToTheFirst() throws Exception {
    MailboxView view = view(1, 2, 3, 4, 5, 6);
    view.note(vanished(2, new UidSet.Builder().add(2, 3).add(5).add(99).build()));
    assertThat(told(view, true)).containsExactly("* 5 EXPUNGE", "* 3 EXPUNGE", "* 2 EXPUNGE");
    assertThat(view.size()).isEqualTo(3);
    assertThat(new long[] {view.uid(1), view.uid(2), view.uid(3)}).containsExactly(1, 4, 6);
  }

  @Test
  void arrivalsAreToldWithTheNumbersTheClientCounts() throws Exception {
    MailboxView view = view(1, 2);
    view.note(vanished(2, UidSet.of(1)));
    view.note(
        new Changes(
            3,
            UidSet.EMPTY,
            UidSet.ofRange(3, 4),
            UidSet.of(4),
            List.of(),
            Optional.empty(),
            Rights.ALL));
    assertThat(told(view, false)).containsExactly("* 4 EXISTS", "* 1 RECENT");
    assertThat(told(view, true)).containsExactly("* 1 EXPUNGE");
    assertThat(view.size()).isEqualTo(3);
    assertThat(view.isRecent(4)).isTrue();
  }

  @Test
  void aMessageThatCameAndWentBetweenTwoLooksIsNeverHeardOf() throws Exception {
    MailboxView view = view(1);
    view.note(vanished(2, UidSet.of(2)));
    assertThat(told(view, true)).isEmpty();
  }

  @Test
  void changesOfOthersAreToldAndOnesOwnAreNot() throws Exception {
    MailboxView view = view(1, 2);
    view.madeChange(7);
    view.note(flags(8, new FlagChange(1, SEEN, 7), new FlagChange(2, SEEN, 8)));
    assertThat(told(view, false)).containsExactly("* 2 FETCH (FLAGS (\\Seen))");
    view.note(flags(9, new FlagChange(1, Flags.NONE, 9)));
    assertThat(told(view, false)).containsExactly("* 1 FETCH (FLAGS ())");
  }

  @Test
  void flagsOfAMessageThatIsGoneAreNotTold() throws Exception {
    MailboxView view = view(1, 2);
    view.note(vanished(2, UidSet.of(1)));
    view.note(flags(3, new FlagChange(1, SEEN, 3), new FlagChange(2, SEEN, 3)));
    assertThat(told(view, false)).containsExactly("* 2 FETCH (FLAGS (\\Seen))");
    assertThat(told(view, true)).containsExactly("* 1 EXPUNGE");
  }

  @Test
  void aNewKeywordIsToldBeforeTheMessageThatHasIt() throws Exception {
    MailboxView view = view(1);
    view.note(
        new Changes(
            2,
            UidSet.EMPTY,
            UidSet.EMPTY,
            UidSet.EMPTY,
            List.of(new FlagChange(1, Flags.ofKeywords(List.of("$Work")), 2)),
            Optional.of(new TreeSet<>(List.of("$Work"))),
            Rights.ALL));
    assertThat(told(view, false))
        .containsExactly(
            "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Work)",
            "* OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Work \\*)] These"
                + " flags are kept",
            "* 1 FETCH (FLAGS ($Work))");
  }

  @Test
  void aKeywordIsToldBeforeItIsShownAndNeverTakenBack() throws Exception {
    MailboxView view = view(1);
    view.flags(1, Flags.ofKeywords(List.of("$Work")), out);
    out.flush();
    view.note(
        new Changes(
            2,
            UidSet.EMPTY,
            UidSet.EMPTY,
            UidSet.EMPTY,
            List.of(new FlagChange(1, Flags.ofKeywords(List.of("$Home")), 2)),
            Optional.of(new TreeSet<>(List.of("$Home"))),
            Rights.ALL));
    assertThat(told(view, false))
        .startsWith("* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Home $Work)")
        .endsWith("* 1 FETCH (FLAGS ($Home))");
  }

  @Test
  void setsAreResolvedToMessagesThatTheClientKnows() throws Exception {
    MailboxView view = view(10, 20, 30);
    assertThat(resolved(view, false, range(1, 2))).isEqualTo("10,20");
    assertThat(resolved(view, false, range(3, 2), range(2, 3), range(0, 0))).isEqualTo("20,30");
    assertThat(resolved(view, true, range(15, 25), range(99, 0))).isEqualTo("20,30");
    assertThat(resolved(view, true, range(1, 9))).isEmpty();
    assertThat(resolved(view, true, range(4294967295L, 0))).isEqualTo("30");
  }

  @Test
  void numbersThatAreNotThereAreAnError() {
    assertThatThrownBy(() -> resolved(view(10), false, range(1, 2)))
        .isInstanceOf(SyntaxException.class)
        .hasMessage("There is no message 2; the mailbox has 1.");
    assertThatThrownBy(() -> resolved(view(), false, range(1, 0)))
        .isInstanceOf(SyntaxException.class)
        .hasMessage("There is no message 1; the mailbox has 0.");
  }

  @Test
  void aSetThatRepeatsItselfCostsNoMoreThanOnce() throws Exception {
    long[] uids = new long[100_000];
    for (int i = 0; i < uids.length; i++) {
      uids[i] = 2L * i + 1;
    }
    List<MessageSet.Range> ranges = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      ranges.add(range(1, 0));
    }
    assertThat(view(uids).resolve(new MessageSet(ranges, false)).size()).isEqualTo(100_000);
  }

  private List<String> told(MailboxView view, boolean expunges) throws IOException {
    sent.reset();
    view.tell(out, expunges);
    out.flush();
    return sent.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private static String resolved(MailboxView view, boolean uids, MessageSet.Range... ranges)
      throws SyntaxException {
    return view.resolve(new MessageSet(List.of(ranges), uids)).toString();
  }

  @Test
  void otherRightsAreToldAsOtherPermanentFlags() throws Exception {
    MailboxView view = view(1);
    view.note(rights(Rights.of(Right.READ, Right.SEEN)));
    assertThat(told(view, false))
        .containsExactly(
            "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)",
            "* OK [PERMANENTFLAGS (\\Seen)] These flags are kept");
    view.note(rights(Rights.of(Right.READ, Right.SEEN)));
    assertThat(told(view, false)).isEmpty();
  }

  private static Changes rights(Rights rights) {
    return new Changes(
        1, UidSet.EMPTY, UidSet.EMPTY, UidSet.EMPTY, List.of(), Optional.empty(), rights);
  }

  private static MessageSet.Range range(long first, long last) {
    return new MessageSet.Range(first, last);
  }

  private static Changes vanished(long modSeq, UidSet uids) {
    return new Changes(
        modSeq, uids, UidSet.EMPTY, UidSet.EMPTY, List.of(), Optional.empty(), Rights.ALL);
  }

  private static Changes flags(long modSeq, FlagChange... changes) {
    return new Changes(
        modSeq,
        UidSet.EMPTY,
        UidSet.EMPTY,
        UidSet.EMPTY,
        List.of(changes),
        Optional.empty(),
        Rights.ALL);
  }

  private static MailboxView view(long... uids) {
    Account account =
        new Account("anna", "anna", "", Path.of("/nowhere"), 1000, 1000, "", Map.of());
    SelectedMailbox mailbox = new SelectedMailbox(account, MailboxName.INBOX, 1, false);
    return new MailboxView(
        new Opened(mailbox, new TreeSet<>(), true, uids, UidSet.EMPTY, 0, 100, 1, Rights.ALL));
  }
}
