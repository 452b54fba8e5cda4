package org.postrider.maildir;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import org.postrider.maildir.Finding.Kind;
import org.postrider.maildir.Finding.Outcome;

/**
 * Tells what was found, and repairs where that is wanted. Of one kind {@value #MOST_TOLD} are told
 * a folder; the others are repaired as well and counted.
 */
final class Findings {

  private static final int MOST_TOLD = 100;

  private final boolean repairs;
  private final Consumer<Finding> listener;
  private final Map<Kind, Integer> told = new EnumMap<>(Kind.class);
  private final Map<Outcome, Integer> untold = new EnumMap<>(Outcome.class);

  Findings(boolean repairs, Consumer<Finding> listener) {
    this.repairs = repairs;
    this.listener = listener;
  }

  /** Repairs one thing. */
  @FunctionalInterface
  interface Repair {
    /**
     * @return what was done; null where nothing had to be any more
     */
    String run() throws IOException, MaildirException;
  }

  /** Nothing wrong. */
  void note(Kind kind, Path path, String detail) {
    tell(new Finding(kind, path.toString(), detail, Outcome.NOTE));
  }

  /** Something that no program can repair. */
  void tell(Kind kind, Path path, String detail) {
    tell(new Finding(kind, path.toString(), detail, repairs ? Outcome.LEFT : Outcome.FOUND));
  }

  /** Something that is repaired where that is wanted. */
  void mend(Kind kind, Path path, String detail, Repair repair) {
    if (!repairs) {
      tell(kind, path, detail);
      return;
    }
    Finding finding;
    try {
      String done = repair.run();
      if (done == null) {
        return; // another program was quicker
      }
      finding = new Finding(kind, path.toString(), detail + "; " + done, Outcome.REPAIRED);
    } catch (NoSuchFileException gone) {
      return;
    } catch (IOException | MaildirException failed) {
      finding =
          new Finding(
              kind, path.toString(), detail + "; not repaired: " + reason(failed), Outcome.LEFT);
    }
    tell(finding);
  }

  private static String reason(Exception failed) {
    return failed instanceof IOException e ? ToldFailure.of(e) : failed.getMessage();
  }

  private void tell(Finding finding) {
    int before = told.merge(finding.kind(), 1, Integer::sum);
    if (before <= MOST_TOLD) {
      listener.accept(finding);
    } else {
      untold.merge(finding.outcome(), 1, Integer::sum);
    }
  }

  /** A folder ends: says how many more there were. */
  void end(Path folder) {
    told.forEach(
        (kind, count) -> {
          if (count > MOST_TOLD) {
            Outcome outcome =
                untold.containsKey(Outcome.LEFT)
                    ? Outcome.LEFT
                    : untold.keySet().stream().findFirst().orElse(Outcome.NOTE);
            listener.accept(
                new Finding(
                    kind,
                    folder.toString(),
                    "and " + (count - MOST_TOLD) + " more of these",
                    outcome));
          }
        });
    told.clear();
    untold.clear();
  }
}
