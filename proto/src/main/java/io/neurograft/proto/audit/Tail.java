package io.neurograft.proto.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The end of a log on disk.
 *
 * @param file that is written to; may not be there yet
 * @param end of its last whole line, in bytes
 * @param head of the log
 * @param torn how many bytes follow the last whole line
 * @param broken where the log is not as it was left
 */
record Tail(Path file, long end, Head head, long torn, Optional<String> broken) {

  /** Looks where a log ends. Its newest file is read, and held against itself. */
  static Tail read(Path folder) throws IOException {
    List<Path> files = AuditFiles.list(folder);
    if (files.isEmpty()) {
      return new Tail(AuditFiles.first(folder), 0, Head.NONE, 0, Optional.empty());
    }
    Path newest = files.get(files.size() - 1);
    // Files before it may have been moved away; only the first of all begins with nothing before.
    boolean first = newest.equals(AuditFiles.first(folder));
    Tail tail = along(newest, 0, first ? Chain.from(Head.NONE) : Chain.believing());
    if (tail.end > 0 || files.size() == 1) {
      return tail;
    }
    // A crash, or a full disk, came between the new file and its first line.
    Tail before = along(files.get(files.size() - 2), 0, Chain.believing());
    return new Tail(newest, 0, before.head, tail.torn, before.broken);
  }

  /** The end as it is by now: another program may have written lines, or somebody changed them. */
  Tail follow() throws IOException {
    long size = Files.exists(file) ? Files.size(file) : 0;
    Tail tail = size < end ? cut(size) : size > end ? along(file, end, Chain.from(head)) : this;
    for (Path next = AuditFiles.next(file); Files.exists(next); next = AuditFiles.next(next)) {
      Tail there = along(next, 0, Chain.from(tail.head));
      tail = new Tail(next, there.end, there.head, there.torn, tail.broken.or(() -> there.broken));
    }
    return tail;
  }

  /** What is left of a file that was cut; the chain goes on from the line that was its last. */
  private Tail cut(long size) throws IOException {
    String how =
        "%s had %d bytes up to line %s, and has %d".formatted(file.getFileName(), end, head, size);
    long left = size > 0 ? along(file, 0, Chain.believing()).end : 0;
    return new Tail(file, left, head, size - left, Optional.of(how));
  }

  private static Tail along(Path file, long from, Chain chain) throws IOException {
    try (LineReader reader = new LineReader(file, from)) {
      Optional<String> broken = Optional.empty();
      for (var bytes = reader.next(); bytes.isPresent(); bytes = reader.next()) {
        var unused = chain.take(bytes.get());
        if (broken.isEmpty() && chain.fault().isPresent()) {
          broken = Optional.of(file.getFileName() + ": " + chain.fault().get());
        }
      }
      return new Tail(file, reader.end(), chain.head(), reader.torn(), broken);
    }
  }
}
