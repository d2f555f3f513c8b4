package io.neurograft.proto.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Holds a whole log against itself, and against heads of it that were noted elsewhere. Reads line
 * by line, however large the files are.
 */
public final class ChainCheck {
  private static final int LOOKS = 5;
  private static final long PAUSE_NANOS = 10_000_000;

  private final List<Head> heads;
  private final Consumer<Line> reader;
  private final Chain chain = Chain.believing();
  private Head head = Head.NONE;
  private long lines;
  private Optional<Instant> from = Optional.empty();
  private Optional<Instant> to = Optional.empty();

  private ChainCheck(List<Head> heads, Consumer<Line> reader) {
    this.heads = heads;
    this.reader = reader;
  }

  /**
   * What a check has found.
   *
   * @param lines that were read, up to the break where there is one
   * @param from the time of the first line; empty where there is none
   * @param to the time of the last line
   * @param head of the log, up to the break
   * @param damage where it is not as it was written; empty where all is well
   */
  public record Result(
      long lines,
      Optional<Instant> from,
      Optional<Instant> to,
      Head head,
      Optional<Break> damage) {}

  /**
   * The first place where a log is not as it was written.
   *
   * @param file that the place is in
   * @param line of the file, from 1
   */
  public record Break(Path file, long line, Fault fault) {}

  /**
   * Checks the files of one log.
   *
   * @param files in their order
   * @param heads that were noted before. The first line must be the log's first, or follow one of
   *     these.
   */
  public static Result of(List<Path> files, List<Head> heads) throws IOException {
    return of(files, heads, line -> {});
  }

  /**
   * Checks the files of one log.
   *
   * @param reader takes each line up to the break
   */
  public static Result of(List<Path> files, List<Head> heads, Consumer<Line> reader)
      throws IOException {
    return new ChainCheck(heads, reader).check(files);
  }

  private Result check(List<Path> files) throws IOException {
    for (Path file : files) {
      Optional<Break> damage = check(file, file.equals(files.get(files.size() - 1)));
      if (damage.isPresent()) {
        return new Result(lines, from, to, head, damage);
      }
    }
    return new Result(lines, from, to, head, Optional.empty());
  }

  private Optional<Break> check(Path file, boolean last) throws IOException {
    long number = 0;
    try (LineReader in = new LineReader(file, 0)) {
      for (var bytes = next(in, last); bytes.isPresent(); bytes = next(in, last)) {
        number++;
        Optional<Fault> fault = take(bytes.get());
        if (fault.isPresent()) {
          return Optional.of(new Break(file, number, fault.get()));
        }
      }
      Optional<Fault> end = torn(in.torn()).or(() -> last ? shortened() : Optional.empty());
      long at = number + (in.torn() > 0 ? 1 : 0);
      return end.map(fault -> new Break(file, at, fault));
    }
  }

  /** A program may be writing the last line right now: then it has it finished soon. */
  private static Optional<byte[]> next(LineReader in, boolean last) throws IOException {
    Optional<byte[]> line = in.next();
    for (int look = 0; last && line.isEmpty() && in.torn() > 0 && look < LOOKS; look++) {
      LockSupport.parkNanos(PAUSE_NANOS);
      line = in.next();
    }
    return line;
  }

  private Optional<Fault> take(byte[] bytes) {
    Optional<Line> line = chain.take(bytes);
    Optional<Fault> fault =
        chain
            .fault()
            .or(() -> lines > 0 ? Optional.empty() : line.flatMap(this::beginning))
            .or(() -> differing(chain.head()));
    if (fault.isEmpty()) {
      line.ifPresent(this::count);
    }
    return fault;
  }

  private void count(Line line) {
    lines++;
    head = chain.head();
    from = from.or(() -> Optional.of(line.time()));
    to = Optional.of(line.time());
    reader.accept(line);
  }

  /** What is wrong with a first line. */
  private Optional<Fault> beginning(Line line) {
    Head before = new Head(line.number() - 1, line.previous());
    return before.equals(Head.NONE) || heads.contains(before)
        ? Optional.empty()
        : Optional.of(new Fault("the first line of a log", "one that follows line " + before));
  }

  private Optional<Fault> differing(Head now) {
    return heads.stream()
        .filter(noted -> noted.number() == now.number() && !noted.equals(now))
        .findFirst()
        .map(noted -> new Fault("line " + noted + ", as it was noted", "line " + now));
  }

  private Optional<Fault> shortened() {
    return heads.stream()
        .filter(noted -> noted.number() > head.number())
        .findFirst()
        .map(
            noted -> new Fault("lines up to " + noted + ", as it was noted", "the end at " + head));
  }

  private static Optional<Fault> torn(long bytes) {
    return bytes > 0
        ? Optional.of(new Fault("a whole line", bytes + " bytes without a line's end"))
        : Optional.empty();
  }
}
