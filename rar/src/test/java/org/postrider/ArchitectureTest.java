package org.postrider;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
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

/** The rooms of the resource adapter: who may know whom. */
@AnalyzeClasses(packages = "org.postrider", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String PROTOCOL = "org.postrider.protocol";
  private static final String WIRE = "org.postrider.wire";
  private static final String MAIL = "org.postrider.mail";
  private static final String SESSION = "org.postrider.session";
  private static final String COMMAND = "org.postrider.command";
  private static final String CONNECTOR = "org.postrider.connector";

  private static final List<String> ROOMS =
      List.of(PROTOCOL, WIRE, MAIL, SESSION, COMMAND, CONNECTOR);

  @ArchTest static final ArchRule protocolKnowsOnlyJava = room(PROTOCOL);
  @ArchTest static final ArchRule wireSpellsTheProtocol = room(WIRE, PROTOCOL);
  @ArchTest static final ArchRule mailSpeaksTheProtocol = room(MAIL, PROTOCOL, "javax.net.ssl..");

  @ArchTest
  static final ArchRule sessionKnowsNoCommand =
      room(SESSION, PROTOCOL, WIRE, MAIL, "javax.net.ssl..");

  @ArchTest
  static final ArchRule commandsKnowNoSockets = room(COMMAND, PROTOCOL, WIRE, MAIL, SESSION);

  @ArchTest
  static final ArchRule theConnectorAloneKnowsTheContainer =
      room(
          CONNECTOR,
          PROTOCOL,
          WIRE,
          MAIL,
          SESSION,
          COMMAND,
          "jakarta.resource..",
          "org.bouncycastle..",
          "javax.net..",
          "javax.security.auth..",
          "javax.transaction.xa..",
          "javax.management..");

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
        .resideInAnyPackage(allowed.toArray(String[]::new))
        .allowEmptyShould(true);
  }

  @Test
  void everyRoomSaysInTenLinesWhatItIs() throws IOException {
    for (String room : rooms()) {
      Path file = Path.of("src/main/java", room.replace('.', '/'), "package-info.java");
      assertThat(file).as("what %s is", room).exists();
      assertThat(Files.readAllLines(file).size()).as("lines of %s", file).isLessThanOrEqualTo(10);
    }
  }

  @Test
  void thereAreNoOtherRooms() throws IOException {
    assertThat(ROOMS).containsAll(rooms());
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

  private static List<String> rooms() throws IOException {
    Path root = Path.of("src/main/java/org/postrider");
    try (Stream<Path> directories = Files.list(root)) {
      return directories
          .filter(Files::isDirectory)
          .map(directory -> "org.postrider." + directory.getFileName())
          .sorted()
          .toList();
    }
  }
}
