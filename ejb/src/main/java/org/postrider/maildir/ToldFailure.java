package org.postrider.maildir;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** What the system says of a file that can't be used, as part of a sentence. */
final class ToldFailure {

  private ToldFailure() {}

  static String of(IOException e) {
    return switch (e) {
      case NoSuchFileException none -> "it is not there";
      case AccessDeniedException denied ->
          denied.getReason() == null ? "permission denied" : denied.getReason();
      case FileSystemException other when other.getReason() != null -> other.getReason();
      default -> String.valueOf(e.getMessage());
    };
  }
}
