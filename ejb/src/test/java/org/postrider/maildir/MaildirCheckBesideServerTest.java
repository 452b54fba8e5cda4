package org.postrider.maildir;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.maildir.Finding.Outcome;
import org.postrider.protocol.Flags;
import org.postrider.protocol.SystemFlag;
import org.postrider.protocol.UidSet;

/** Maildirs are inspected and repaired while a server serves them. */
class MaildirCheckBesideServerTest {

  @TempDir Path directory;
  private TestMaildir server;

  @BeforeEach
  void messages() throws Exception {
    server = new TestMaildir(directory);
    for (int i = 0; i < 10; i++) {
      TestMaildir.append(server.inbox(), "m" + i, Flags.NONE);
    }
  }

  private List<Finding> repair() throws Exception {
    List<Finding> findings = Collections.synchronizedList(new ArrayList<>());
    new MaildirCheck(server.root, Owner.of(server.root), true, findings::add, folder -> {}).run();
    findings.removeIf(finding -> finding.outcome() == Outcome.NOTE);
    return findings;
  }

  @Test
  void aServerGoesOnWithTheListThatWasRepaired() throws Exception {
    FolderState before = server.inbox().open(false);
    Path list = server.root.resolve(UidList.FILE);
    Files.writeString(list, Files.readString(list) + "rubbish\n7 twice\n12 cut off");

    assertThat(repair()).hasSize(1);
    Published added = TestMaildir.append(server.inbox(), "later", Flags.NONE);

    FolderState after = server.inbox().open(false);
    assertThat(after.uidValidity()).isEqualTo(before.uidValidity());
    assertThat(after.uids()).startsWith(before.uids()).hasSize(11);
    assertThat(added.uids()[0]).isEqualTo(before.uidNext());
    server.restart();
    assertThat(server.inbox().open(false).uids()).isEqualTo(after.uids());
    assertThat(repair()).isEmpty();
  }

  @Test
  void whatIsInMotionIsNotTakenForDamage() throws Exception {
    long validity = server.inbox().open(false).uidValidity();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> writer =
          threads.submit(
              () -> {
                for (int round = 0; round < 30; round++) {
                  SystemFlag flag = SystemFlag.values()[round % 5];
                  for (int uid = 1; uid <= 10; uid++) {
                    server.inbox().store(validity, UidSet.of(uid), flags -> flags.plus(flag));
                    server.inbox().store(validity, UidSet.of(uid), flags -> Flags.NONE);
                  }
                  TestMaildir.append(server.inbox(), "a" + round, Flags.NONE);
                  server.deliver(round + ".delivered");
                }
                return null;
              });
      do {
        assertThat(repair()).isEmpty();
      } while (!writer.isDone());
      writer.get();
    }

    assertThat(TestMaildir.subjects(server.inbox())).hasSize(70).doesNotHaveDuplicates();
    assertThat(repair()).isEmpty();
  }
}
