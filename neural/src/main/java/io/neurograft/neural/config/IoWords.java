package io.neurograft.neural.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;

/** Says in words why a file cannot be used. Java's own messages are often the bare path. */
public final class IoWords {
  private IoWords() {}

  /** One line for a person. */
  public static String of(IOException failure) {
    String message = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    if (failure instanceof NoSuchFileException) {
      return message + ": no such file or folder";
    }
    if (failure instanceof AccessDeniedException) {
      return message + ": access denied";
    }
    if (failure instanceof FileAlreadyExistsException) {
      return message + ": is there already, and is no folder";
    }
    return failure.getMessage() == null ? failure.getClass().getSimpleName() : message;
  }

  /** One line for a person: the operation that failed, and why. */
  public static String of(UncheckedIOException failure) {
    IOException cause = failure.getCause();
    return cause == null ? String.valueOf(failure.getMessage()) : of(cause);
  }
}
