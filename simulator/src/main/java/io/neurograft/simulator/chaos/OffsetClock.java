package io.neurograft.simulator.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The machine's clock and as many milliseconds as a file says at that moment. */
final class OffsetClock extends Clock {
  private final Path file;
  private final Clock clock;

  private OffsetClock(Path file, Clock clock) {
    this.file = file;
    this.clock = clock;
  }

  static OffsetClock of(Path file) {
    return new OffsetClock(file, Clock.system(ZoneOffset.UTC));
  }

  @Override
  public Instant instant() {
    try {
      return clock.instant().plusMillis(Long.parseLong(Files.readString(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public ZoneId getZone() {
    return clock.getZone();
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return new OffsetClock(file, clock.withZone(zone));
  }
}
