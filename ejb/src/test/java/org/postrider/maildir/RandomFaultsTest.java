package org.postrider.maildir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.postrider.maildir.FailingDisk.Fault;
import org.postrider.maildir.StoreOperation.Kind;

/**
 * Short programs of operations in one server, each with a fault at some file call: see {@link
 * FaultCheck}.
 */
class RandomFaultsTest {

  private static Path directory;
  private static int programs;

  @BeforeContainer
  static void makeAnAccount() throws Exception {
    directory = new InMemory().createTempDirectory(null, null);
    FaultsTest.fill(new TestMaildir(Files.createDirectory(directory.resolve("template"))));
  }

  @AfterContainer
  static void removeAll() throws Exception {
    AccountContents.remove(directory);
  }

  /**
   * An operation, and what befalls it.
   *
   * @param call at which it fails; beyond its calls, nothing does
   */
  record Step(StoreOperation operation, int call) {}

  @Provide
  Arbitrary<List<Step>> programs() {
    Arbitrary<StoreOperation> operations =
        Combinators.combine(
                Arbitraries.of(Kind.class),
                Arbitraries.integers().between(0, 5),
                Arbitraries.integers().between(0, 5),
                Arbitraries.integers().between(1, 255))
            .as(StoreOperation::new);
    Arbitrary<Integer> calls =
        Arbitraries.oneOf(Arbitraries.just(0), Arbitraries.integers().between(1, 70));
    return Combinators.combine(operations, calls).as(Step::new).list().ofMinSize(2).ofMaxSize(7);
  }

  // The same programs in every build; another seed, and more tries, look for more.
  @Property(tries = 25, seed = "20261124", shrinking = ShrinkingMode.OFF)
  void nothingIsLostDoubledOrMistaken(@ForAll("programs") List<Step> program, @ForAll Fault fault)
      throws Exception {
    Path place = directory.resolve("program" + ++programs);
    FaultCheck check = new FaultCheck(directory.resolve("template"), place, fault);
    for (Step step : program) {
      check.run(step.operation(), step.call());
    }
    check.end();
  }
}
