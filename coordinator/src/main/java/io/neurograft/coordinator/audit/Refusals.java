package io.neurograft.coordinator.audit;

import io.neurograft.proto.audit.Act;
import io.neurograft.proto.audit.Deed;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Refused calls in the audit log: at most one line per caller and minute, however many calls there
 * are, so that nobody fills the disk by asking. For use by several threads.
 */
public final class Refusals {
  private static final long SPAN_NANOS = Duration.ofMinutes(1).toNanos();
  private static final int MOST_CALLERS = 1000;
  private static final String OTHERS = "others";

  /** What a caller was refused since the line that told of it last. */
  private static final class Account {
    private long told;
    private long calls;
    private String method = "";
    private String why = "";
  }

  private final Journal journal;
  private final LongSupplier nanoTime;
  private final Map<String, Account> accounts = new HashMap<>();

  /**
   * @param nanoTime tells time spans
   */
  public Refusals(Journal journal, LongSupplier nanoTime) {
    this.journal = journal;
    this.nanoTime = nanoTime;
  }

  /** A call was refused: the first of a caller is told at once, others with the next line. */
  public synchronized void refused(String who, String method, String why) {
    boolean known = accounts.containsKey(who) || accounts.size() < MOST_CALLERS;
    String caller = known ? who : OTHERS;
    Account account = accounts.get(caller);
    if (account == null) {
      account = new Account();
      account.told = nanoTime.getAsLong() - SPAN_NANOS;
      accounts.put(caller, account);
    }
    account.calls++;
    account.method = method;
    account.why = why;
    tell(caller, account);
  }

  /** Tells what is due, and forgets callers that were quiet for a while; to be called often. */
  public synchronized void sweep() {
    accounts.forEach(this::tell);
    accounts
        .values()
        .removeIf(
            account -> account.calls == 0 && nanoTime.getAsLong() - account.told >= SPAN_NANOS);
  }

  private void tell(String who, Account account) {
    long now = nanoTime.getAsLong();
    if (account.calls > 0 && now - account.told >= SPAN_NANOS) {
      journal.note(
          Deed.of(who, Act.CALL_REFUSED)
              .about("calls", account.calls)
              .about("last", account.method)
              .about("why", account.why));
      account.calls = 0;
      account.told = now;
    }
  }
}
