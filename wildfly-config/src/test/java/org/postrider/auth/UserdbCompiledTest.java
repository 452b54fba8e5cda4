package org.postrider.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserdbCompiledTest {

  private static final Logger LOG = Logger.getLogger("org.postrider.auth");

  @TempDir Path directory;

  private final List<String> told = new ArrayList<>();

  private final Handler listener =
      new Handler() {
        @Override
        public synchronized void publish(LogRecord said) {
          told.add(new SimpleFormatter().formatMessage(said));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    LOG.addHandler(listener);
    LOG.setUseParentHandlers(false);
  }

  @AfterEach
  void listenNoMore() {
    LOG.removeHandler(listener);
    LOG.setUseParentHandlers(true);
  }

  private Path userdb() {
    return directory.resolve("userdb");
  }

  private Path dat() {
    return directory.resolve("userdb.dat");
  }

  private Path shadow() {
    return directory.resolve("userdbshadow.dat");
  }

  private void write(String text) throws IOException {
    Files.writeString(userdb(), text);
    Files.setPosixFilePermissions(userdb(), PosixFilePermissions.fromString("rw-------"));
  }

  private void compile(String text) throws IOException {
    write(text);
    UserdbCompiler.compile(userdb(), soFar -> {});
  }

  private Userdb open() {
    return new Userdb(userdb(), 1 << 20);
  }

  private static List<String> names(Userdb userdb) throws TemporaryFailureException {
    List<String> names = new ArrayList<>();
    userdb.forEach(record -> names.add(record.name()));
    return names;
  }

  private static String detail(Throwable thrown) {
    return ((TemporaryFailureException) thrown).detail();
  }

  @Test
  void theCompiledFormAloneCounts() throws Exception {
    compile("ann\tuid=1|imappw=i|gid=2|systempw=s|home=/h\n5001=\tann\nno TAB\n1234\tuid=3\n");
    write("ann\tuid=9\nbob\tuid=1\n");
    Userdb userdb = open();

    UserdbRecord ann = userdb.lookup("ann").orElseThrow();

    assertThat(ann.fields())
        .isEqualTo(
            Map.of("uid", "1", "gid", "2", "home", "/h", "_", "", "imappw", "i", "systempw", "s"));
    assertThat(ann.password("imap")).contains("i");
    assertThat(ann.password("pop3")).contains("s");
    assertThat(userdb.lookup("bob")).isEmpty();
    assertThat(userdb.lookup("5001=")).isEmpty();
    assertThat(userdb.lookup("no TAB")).isEmpty();
    assertThat(userdb.lookup("")).isEmpty();
    assertThat(userdb.lookup("a".repeat(5000))).isEmpty();
    assertThat(userdb.size()).isEqualTo(2);
    assertThat(names(userdb)).containsExactlyInAnyOrder("ann", "1234");
  }

  @Test
  void changesCountWhenMakeuserdbHasRun() throws Exception {
    write("ann\tuid=1\n");
    Userdb userdb = open();
    assertThat(userdb.lookup("ann")).isPresent();
    compile("bob\tuid=1\n");
    assertThat(names(userdb)).containsExactly("bob");
    write("eve\tuid=1\n");
    assertThat(userdb.lookup("eve")).isEmpty();
    compile("eve\tuid=1\n");
    assertThat(names(userdb)).containsExactly("eve");
    Files.delete(dat());
    write("tom\tuid=1\n");
    assertThat(names(userdb)).containsExactly("tom");
  }

  @Test
  void couriersFilesAreReadAndItsNextOnesToo() throws Exception {
    write("ann\tuid=1|systempw=x\njürgen\tuid=2|systempw=y|home=/j\n1=\tann\n");
    Courier.in(directory).run("makeuserdb");
    Userdb userdb = open();
    assertThat(names(userdb)).containsExactlyInAnyOrder("ann", "jürgen");
    assertThat(userdb.lookup("jürgen").orElseThrow().fields())
        .isEqualTo(Map.of("uid", "2", "systempw", "y", "home", "/j", "_", ""));
    write("bob\tuid=1|systempw=z\n");
    Courier.in(directory).run("makeuserdb");
    assertThat(userdb.lookup("ann")).isEmpty();
    assertThat(userdb.lookup("bob").orElseThrow().field("systempw")).contains("z");
    assertThat(told).noneMatch(line -> line.contains("not of one run"));
  }

  @Test
  void aPairOfTheOtherByteOrderIsRead() throws Exception {
    for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
      pair(dat(), order, "uid=1|_=");
      pair(shadow(), order, "systempw=x");
      assertThat(open().lookup("ann").orElseThrow().fields())
          .isEqualTo(Map.of("uid", "1", "_", "", "systempw", "x"));
      Files.delete(dat());
      Files.delete(shadow());
    }
  }

  private static void pair(Path file, ByteOrder order, String fields) throws IOException {
    try (GdbmWriter writer = new GdbmWriter(file, "rw-------", order)) {
      writer.put("ann".getBytes(UTF_8), fields.getBytes(UTF_8));
      writer.finish();
    }
  }

  @Test
  void passwordsCountFromTheShadowAlone() throws Exception {
    pair(dat(), ByteOrder.nativeOrder(), "uid=1|systempw=planted|imappw|_=");
    pair(shadow(), ByteOrder.nativeOrder(), "uid=0|systempw=right");
    UserdbRecord ann = open().lookup("ann").orElseThrow();
    assertThat(ann.fields()).isEqualTo(Map.of("uid", "1", "_", "", "systempw", "right"));
  }

  @Test
  void withoutTheShadowNobodyHasAPassword() throws Exception {
    compile("ann\tuid=1|gid=1|home=/h|systempw=x\n");
    Files.delete(shadow());
    Userdb userdb = open();
    assertThat(userdb.lookup("ann").orElseThrow().password("imap")).isEmpty();
    assertThat(userdb.typicalHash()).isEqualTo(PasswordHash.NOBODY);
    assertThat(told).filteredOn(line -> line.contains("no account of " + dat())).hasSize(1);
  }

  @Test
  void aShadowThatOthersMayReadIsRefusedUntilItIsMended() throws Exception {
    compile("ann\tuid=1|systempw=x\n");
    Userdb userdb = open();
    assertThat(userdb.lookup("ann")).isPresent();
    Files.setPosixFilePermissions(shadow(), PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> userdb.lookup("ann"))
        .isInstanceOf(TemporaryFailureException.class)
        .extracting(UserdbCompiledTest::detail)
        .asString()
        .startsWith(shadow() + ": MAY NOT HAVE WORLD PERMISSIONS!!");
    Files.setPosixFilePermissions(shadow(), PosixFilePermissions.fromString("rw-r-----"));
    assertThat(userdb.lookup("ann")).isPresent();
  }

  @Test
  void aDamagedFileIsATemporaryFailureWithARemedy() throws Exception {
    compile("ann\tuid=1|systempw=x\n");
    Userdb userdb = open();
    assertThat(userdb.lookup("ann")).isPresent();
    Path other = Files.writeString(directory.resolve("other"), "x".repeat(5000));
    Files.move(other, dat(), StandardCopyOption.ATOMIC_MOVE);
    assertThatThrownBy(() -> userdb.lookup("ann"))
        .isInstanceOf(TemporaryFailureException.class)
        .extracting(UserdbCompiledTest::detail)
        .asString()
        .contains("is no GDBM file", "run makeuserdb");
    compile("ann\tuid=1|systempw=x\n");
    assertThat(userdb.lookup("ann")).isPresent();
  }

  @Test
  void aCrashBetweenTheTwoRenamesIsTold() throws Exception {
    compile("ann\tuid=1|systempw=x\n");
    Path oldDat = Files.copy(dat(), directory.resolve("old"), StandardCopyOption.COPY_ATTRIBUTES);
    compile("ann\tuid=2|systempw=y\n");
    Files.move(oldDat, dat(), StandardCopyOption.ATOMIC_MOVE);
    Userdb userdb = open();
    assertThat(userdb.lookup("ann").orElseThrow().field("systempw")).contains("y");
    assertThat(userdb.lookup("ann").orElseThrow().field("uid")).contains("1");
    assertThat(told).filteredOn(line -> line.contains("are not of one run")).hasSize(1);
  }

  @Test
  void whileMakeuserdbHoldsItsLockTheOldPairStays() throws Exception {
    compile("ann\tuid=1|systempw=x\n");
    Userdb userdb = open();
    assertThat(userdb.lookup("ann")).isPresent();
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    Path text = Files.writeString(elsewhere.resolve("userdb"), "ann\tuid=1|systempw=new\n");
    Files.setPosixFilePermissions(text, PosixFilePermissions.fromString("rw-------"));
    UserdbCompiler.compile(text, soFar -> {});
    Path secondShadow = elsewhere.resolve("userdbshadow.dat");
    try (Flock lock =
        Flock.exclusive(directory.resolve("userdb.lock"), "rw-r--r--", Duration.ZERO)
            .orElseThrow()) {
      Files.move(secondShadow, shadow(), StandardCopyOption.ATOMIC_MOVE);
      assertThat(userdb.lookup("ann").orElseThrow().field("systempw")).contains("x");
      assertThatThrownBy(() -> open().lookup("ann"))
          .isInstanceOf(TemporaryFailureException.class)
          .extracting(UserdbCompiledTest::detail)
          .asString()
          .contains("is just being replaced by makeuserdb");
      Files.move(elsewhere.resolve("userdb.dat"), dat(), StandardCopyOption.ATOMIC_MOVE);
      assertThat(open().lookup("ann").orElseThrow().field("systempw")).contains("new");
      lock.close();
    }
    assertThat(userdb.lookup("ann").orElseThrow().field("systempw")).contains("new");
    assertThat(told).noneMatch(line -> line.contains("not of one run"));
  }

  @Test
  void noReaderEverSeesOneNewFileAndOneOld() throws Exception {
    compile("ann\tuid=0|systempw=0\n");
    Userdb userdb = open();
    AtomicBoolean end = new AtomicBoolean();
    try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        running.add(
            readers.submit(
                () -> {
                  while (!end.get()) {
                    UserdbRecord ann = userdb.lookup("ann").orElseThrow();
                    assertThat(ann.field("systempw")).isEqualTo(ann.field("uid"));
                    userdb.forEach(one -> assertThat(one.fields()).hasSize(3));
                  }
                  return null;
                }));
      }
      for (int i = 1; i < 60; i++) {
        compile("ann\tuid=" + i + "|systempw=" + i + "\n");
      }
      end.set(true);
      for (Future<?> reader : running) {
        reader.get();
      }
    }
    assertThat(userdb.lookup("ann").orElseThrow().field("uid")).contains("59");
    assertThat(told).noneMatch(line -> line.contains("not of one run"));
  }

  @Test
  void anInterruptedSignInDisturbsNoOther() throws Exception {
    compile("ann\tuid=1|systempw=x\n");
    Userdb userdb = open();
    assertThat(userdb.lookup("ann")).isPresent();
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> userdb.lookup("ann")).isInstanceOf(TemporaryFailureException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(userdb.lookup("ann").orElseThrow().field("systempw")).contains("x");
  }

  @Test
  void theLogSaysOnceWhatMakeuserdbWouldDo() throws Exception {
    StringBuilder text = new StringBuilder("ann\tuid=1\n");
    for (int i = 2; i < Userdb.MANY; i++) {
      text.append("user").append(i).append("\tuid=1\n");
    }
    write(text.toString());
    Userdb userdb = open();
    assertThat(userdb.lookup("ann")).isPresent();
    assertThat(told).isEmpty();
    write(text + "bob\tuid=1\n");
    assertThat(userdb.lookup("bob")).isPresent();
    assertThat(userdb.lookup("ann")).isPresent();
    assertThat(told).filteredOn(line -> line.contains("makeuserdb makes")).hasSize(1);

    compile("ann\tuid=1\n");
    assertThat(userdb.lookup("ann")).isPresent();
    assertThat(told).noneMatch(line -> line.contains("does not count"));
    Files.setLastModifiedTime(userdb(), FileTime.from(Instant.now().plusSeconds(1)));
    Userdb later = open();
    assertThat(later.lookup("ann")).isPresent();
    assertThat(later.lookup("ann")).isPresent();
    assertThat(told).filteredOn(line -> line.contains("does not count")).hasSize(1);
  }

  @Test
  void theTypicalHashIsOneOfTheShadow() throws Exception {
    String hash = "$1$saltsalt$9xy1btjgzLYfb7hivXtC//";
    compile("a\tuid=1\nb\tsystempw=*|hmac-md5pw=00\nc\timappw=" + hash + "\n");
    assertThat(open().typicalHash()).isEqualTo(hash);
  }

  @Test
  void aFileOfTheSameFormatThatIsNoUserdbIsNotCompiled() throws Exception {
    compile("ann\tuid=1\n");
    write("bob\tuid=1\n");
    assertThat(names(Userdb.ofText(userdb()))).containsExactly("bob");
    assertThat(told).isEmpty();
  }
}
