package org.postrider.maildir.tool;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.tool.command.CourierTools;
import org.postrider.tool.command.CourierTools.Ended;

/** Courier's program and ours do the same to Maildirs of their own. */
class DeliverquotaToolTest {

  private static final String MESSAGE = "Subject: x\r\nFrom: a\n\n1234567890";

  @TempDir Path room;
  private BothTools both;

  @BeforeEach
  void maildirs() throws Exception {
    both = new BothTools("deliverquota", "/usr/bin/deliverquota.courier", room);
    for (Path directory : both.both()) {
      String maildir = directory.resolve("M").toString();
      CourierTools.ours("", "maildirmake", maildir);
      CourierTools.ours("", "maildirmake", "-f", "A", maildir);
      CourierTools.ours("", "maildirmake", "-f", "Trash", maildir);
      Files.writeString(directory.resolve("warning"), "From: w\nSubject: full\n\nnearly\n");
    }
  }

  /** Where messages are and what they say, the quota, and whether somebody was warned. */
  private static List<String> state(Path directory) throws IOException {
    List<String> state = new ArrayList<>();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
        String name = file.getFileName().toString();
        String text =
            Files.readString(file, ISO_8859_1)
                .replaceAll("(?m)^Date: .*$", "Date")
                .replaceAll("(?m)^Message-Id: .*$", "Message-Id");
        Path where = directory.relativize(file.getParent());
        switch (name) {
          case "quotawarn" -> state.add(where + " warned");
          case "maildirsize" -> state.add(where + " quota " + sum(text));
          default -> state.add(where + " " + text);
        }
        if (name.contains(",S=")) {
          assertThat(name).endsWith(",S=" + Files.size(file));
        }
      }
    }
    Collections.sort(state);
    return state;
  }

  private static String sum(String maildirsize) {
    List<String> lines = maildirsize.lines().toList();
    long octets = 0;
    long messages = 0;
    for (String line : lines.subList(1, lines.size())) {
      String[] numbers = line.strip().split(" +");
      octets += Long.parseLong(numbers[0]);
      messages += Long.parseLong(numbers[1]);
    }
    return lines.getFirst() + " " + octets + " " + messages;
  }

  private Ended bothDeliver(String message, String line) throws Exception {
    Ended ended = both.run(message, line.isEmpty() ? new String[0] : line.split(" "));
    assertThat(state(both.ours())).as(line).isEqualTo(state(both.theirs()));
    return ended;
  }

  @Test
  void aMessageIsDeliveredOctetByOctetAndCounted() throws Exception {
    assertThat(bothDeliver(MESSAGE, "@/M").exit()).isZero();
    assertThat(bothDeliver(MESSAGE, "@/M 1000S,10C").exit()).isZero();
    assertThat(bothDeliver(MESSAGE, "@/M/.A").exit()).isZero();
    assertThat(bothDeliver(MESSAGE, "@/M/.Trash").exit()).isZero();
    assertThat(bothDeliver(MESSAGE, "@/M 2000S extra").exit()).isZero();
  }

  @Test
  void overQuotaNothingIsDelivered() throws Exception {
    bothDeliver(MESSAGE, "@/M");

    Ended over = bothDeliver(MESSAGE, "@/M 50S");

    assertThat(over).isEqualTo(new Ended(77, "Mail quota exceeded.\n", ""));
    assertThat(bothDeliver(MESSAGE, "@/M").exit()).isEqualTo(77);
    assertThat(bothDeliver(MESSAGE, "@/M/.A").exit()).isEqualTo(77);
    assertThat(bothDeliver(MESSAGE, "@/M unlimited").exit()).isEqualTo(77);
    assertThat(bothDeliver(MESSAGE, "@/M 2C").exit()).isZero();
    assertThat(bothDeliver(MESSAGE, "@/M").exit()).isEqualTo(77);
  }

  @Test
  void theAccountIsWarnedOnceWhenItReachesItsLevel() throws Exception {
    Path maildir = both.ours().resolve("M");
    String warning = both.ours().resolve("warning").toString();

    for (int i = 1; i <= 4; i++) {
      CourierTools.ours(
          MESSAGE, "deliverquota", "-w", "5", "-W", warning, maildir.toString(), "1000S");

      assertThat(Files.exists(maildir.resolve("quotawarn"))).isEqualTo(i >= 2);
      assertThat(maildir.resolve("new").toFile().list()).hasSize(i < 2 ? 1 : i + 1);
    }
    assertThat(state(both.ours()))
        .contains("M/new Date\nMessage-Id\nFrom: w\nSubject: full\n\nnearly\n");
  }

  @Test
  void theWarningIsCouriers() throws Exception {
    bothDeliver(MESSAGE, "@/M 100S");
    bothDeliver(MESSAGE, "-w 30 -W @/warning @/M 1000S");

    bothDeliver(MESSAGE, "-w 3 -W @/warning @/M");
    assertThat(both.ours().resolve("M/quotawarn")).exists();

    bothDeliver(MESSAGE, "-w 3 -W @/warning @/M");
    bothDeliver(MESSAGE, "-w 3 -W @/none @/M/.A");
  }

  @Test
  void aMaildirIsMadeWhereItIsAskedFor() throws Exception {
    Path maildir = room.resolve("new/deep/M");

    for (int i = 1; i <= 2; i++) {
      Ended made = CourierTools.ours(MESSAGE, "deliverquota", "-c", maildir + "/", "1000S");
      assertThat(made).isEqualTo(new Ended(0, "", ""));
      assertThat(maildir.resolve("new").toFile().list()).hasSize(i);
    }
    assertThat(bothDeliver(MESSAGE, "-c @/new/M").exit()).isZero();
    assertThat(Files.getAttribute(room.resolve("new"), "unix:mode")).isEqualTo(040700);
    assertThat(Files.getAttribute(maildir.resolve("tmp"), "unix:mode")).isEqualTo(040700);
  }

  @Test
  void aCommandLineThatIsNoneIsRefusedWithCouriersExitCodes() throws Exception {
    for (String line :
        List.of("", "-c", "-w 500 @/M", "-w -5 @/M", "@/none", "-w", "-c @/warning/x")) {
      assertThat(bothDeliver(MESSAGE, line).exit()).as(line).isIn(73, 75);
    }
  }

  @Test
  void anyDeliveriesLeaveTheSameCountsAndMail() throws Exception {
    Random random = new Random(7);
    List<String> places = List.of("@/M", "@/M/.A", "@/M/.Trash");
    List<String> quotas = List.of("", "", "", " 300S", " 5C", " 400S,9C", " 1000S", " none");
    for (int i = 0; i < 60; i++) {
      String message = "x".repeat(random.nextInt(1, 120)) + "\n";
      String place = places.get(random.nextInt(places.size()));
      String quota = quotas.get(random.nextInt(quotas.size()));
      bothDeliver(message, place.endsWith("Trash") ? place : place + quota);
    }
  }
}
