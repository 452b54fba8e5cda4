package org.postrider;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rooms of the store and its beans: who may know whom. */
@AnalyzeClasses(
    packages = {
      "org.postrider.maildir",
      "org.postrider.maildir.tool",
      "org.postrider.message",
      "org.postrider.search",
      "org.postrider.outbox",
      "org.postrider.bean"
    },
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String PROTOCOL = "org.postrider.protocol";
  private static final String MAIL = "org.postrider.mail";
  private static final String MAILDIR = "org.postrider.maildir";
  private static final String TOOL = "org.postrider.maildir.tool";
  private static final String MESSAGE = "org.postrider.message";
  private static final String SEARCH = "org.postrider.search";
  private static final String OUTBOX = "org.postrider.outbox";
  private static final String BEAN = "org.postrider.bean";

  private static final List<String> ROOMS = List.of(MAILDIR, TOOL, MESSAGE, SEARCH, OUTBOX, BEAN);

  @ArchTest static final ArchRule messagesAreReadWithoutFolders = room(MESSAGE, PROTOCOL);
  @ArchTest static final ArchRule searchKnowsNoFiles = room(SEARCH, PROTOCOL, MESSAGE);

  @ArchTest
  static final ArchRule filesKnowNoContainer =
      room(MAILDIR, PROTOCOL, MESSAGE, "com.github.benmanes.caffeine..");

  @ArchTest
  static final ArchRule commandsKnowFilesAndAccounts =
      room(
          TOOL,
          PROTOCOL,
          MAILDIR,
          "org.postrider.auth",
          "org.postrider.tool.command",
          "org.postrider.tool.maildir");

  @ArchTest
  static final ArchRule nothingThatServesKnowsTheCommands =
      noClasses()
          .that()
          .resideInAnyPackage(MAILDIR, MESSAGE, SEARCH, OUTBOX, BEAN)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(TOOL, "org.postrider.tool..");

  @ArchTest
  static final ArchRule sendingKnowsFilesAndTheMailSession =
      room(
          OUTBOX,
          PROTOCOL,
          MAILDIR,
          MESSAGE,
          "org.postrider.connector",
          "jakarta.mail..",
          "javax.naming..");

  @ArchTest
  static final ArchRule beansAloneKnowTheContainer =
      room(
          BEAN,
          PROTOCOL,
          MAIL,
          MAILDIR,
          MESSAGE,
          SEARCH,
          OUTBOX,
          "org.postrider.connector",
          "org.postrider.auth",
          "org.postrider.auth.sasl",
          "javax.net.ssl..",
          "jakarta..",
          "javax.security.auth..",
          "org.jboss.ejb3.annotation",
          "com.github.benmanes.caffeine..");

  /** What is not public is no method of a bean's proxy, which only the container finds out. */
  @ArchTest
  static final ArchRule whatBeansAskOfEachOtherIsPublic =
      methods()
          .that()
          .areDeclaredIn("org.postrider.bean.MailStore")
          .and()
          .areNotPrivate()
          .and()
          .areNotAnnotatedWith("jakarta.annotation.PostConstruct")
          .and()
          .areNotAnnotatedWith("jakarta.annotation.PreDestroy")
          .should()
          .bePublic();

  @ArchTest
  static final ArchRule namesSayWhatAThingIs =
      noClasses()
          .should()
          .haveNameMatching(".*(Manager|Util|Utils|Helper|Impl|DTO|Base|Common)")
          .because("a name that says nothing is a room that nobody designed");

  @ArchTest
  static final ArchRule nothingIsSerialised =
      noClasses()
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.io.ObjectInputStream")
          .because("deserialised input has been a way into too many servers");

  /** Classes of the room know these packages, their own and those of Java. */
  private static ArchRule room(String room, String... others) {
    List<String> allowed = new ArrayList<>(List.of(others));
    allowed.add(room);
    allowed.add("java..");
    return classes()
        .that()
        .resideInAPackage(room)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed.toArray(String[]::new));
  }

  @Test
  void everyRoomSaysInTenLinesWhatItIs() throws IOException {
    for (String room : ROOMS) {
      Path file = Path.of("src/main/java", room.replace('.', '/'), "package-info.java");
      assertThat(file).as("what %s is", room).exists();
      assertThat(Files.readAllLines(file).size()).as("lines of %s", file).isLessThanOrEqualTo(10);
    }
  }

  /** A file of more lines than this holds more than one thought. */
  @Test
  void noFileIsTooLongToRead() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        assertThat(Files.readAllLines(file).size()).as("lines of %s", file).isLessThan(600);
      }
    }
  }

  @Test
  void thereAreNoOtherRooms() throws IOException {
    try (Stream<Path> directories = Files.list(Path.of("src/main/java/org/postrider"))) {
      assertThat(directories.filter(Files::isDirectory))
          .extracting(directory -> "org.postrider." + directory.getFileName())
          .isSubsetOf(ROOMS);
    }
  }
}
