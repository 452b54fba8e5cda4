package org.postrider.tool.maildir;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** The operating system's words for what went wrong, as C programs print them. */
public final class Failures {

  private Failures() {}

  /** {@code File exists} and the like; for what Java has no word, the exception's own. */
  public static String words(IOException failed) {
    return switch (failed) {
      case FileAlreadyExistsException exists -> "File exists";
      case NoSuchFileException absent -> "No such file or directory";
      case AccessDeniedException denied -> "Permission denied";
      case FileSystemException other when other.getReason() != null -> other.getReason();
      default -> String.valueOf(failed.getMessage());
    };
  }
}
