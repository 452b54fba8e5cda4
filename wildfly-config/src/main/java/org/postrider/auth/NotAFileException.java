package org.postrider.auth;

import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** Where a file of a userdb should be, there is a directory or something else. */
public final class NotAFileException extends FileSystemException {

  private static final long serialVersionUID = 1L;

  NotAFileException(Path file) {
    super(file.toString(), null, "not a file.");
  }
}
