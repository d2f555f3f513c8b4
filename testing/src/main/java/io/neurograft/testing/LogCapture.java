package io.neurograft.testing;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What one class logs, until this is closed. */
public final class LogCapture implements AutoCloseable {
  private final Logger logger;
  private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

  private LogCapture(Logger logger) {
    this.logger = logger;
  }

  /** Listens from now on. */
  public static LogCapture of(Class<?> source) {
    LogCapture capture = new LogCapture((Logger) LoggerFactory.getLogger(source));
    capture.appender.start();
    capture.logger.addAppender(capture.appender);
    return capture;
  }

  /** The lines so far. */
  public List<ILoggingEvent> lines() {
    return appender.list;
  }

  @Override
  public void close() {
    logger.detachAppender(appender);
  }
}
