package io.neurograft.proto.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of a log, numbered from 1: {@code audit-000001.jsonl}. */
public final class AuditFiles {
  private static final Pattern NAME = Pattern.compile("audit-(\\d{6,15})\\.jsonl");

  private AuditFiles() {}

  /** Where a coordinator or a node keeps its log. */
  public static Path folder(Path program) {
    return program.resolve("audit");
  }

  /** All files of a log in their order; none where there is no such folder. */
  public static List<Path> list(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> number(file) > 0)
          .sorted(Comparator.comparingLong(AuditFiles::number))
          .toList();
    }
  }

  static Path first(Path folder) {
    return folder.resolve(name(1));
  }

  static Path next(Path file) {
    return file.resolveSibling(name(number(file) + 1));
  }

  private static String name(long number) {
    return "audit-%06d.jsonl".formatted(number);
  }

  /** 0 for a file that is none of a log. */
  private static long number(Path file) {
    Matcher matcher = NAME.matcher(String.valueOf(file.getFileName()));
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
  }
}
