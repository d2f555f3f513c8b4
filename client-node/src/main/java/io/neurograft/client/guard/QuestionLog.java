package io.neurograft.client.guard;

import io.neurograft.proto.audit.Act;
import io.neurograft.proto.audit.AuditLog;
import io.neurograft.proto.audit.Deed;
import java.io.IOException;
import java.util.OptionalDouble;

/**
 * What the site's audit log says of questions: what the site was asked and what it told, on disk
 * before the answer leaves. Nothing is decided by it.
 */
final class QuestionLog {
  private final String site;
  private final AuditLog log;

  QuestionLog(String site, AuditLog log) {
    this.site = site;
    this.log = log;
  }

  /**
   * Writes down an answer.
   *
   * @param epsilon of the run so far, this answer included; empty where answers are exact
   */
  void answered(Asked asked, String answerDigest, OptionalDouble epsilon) throws IOException {
    Deed deed = deed(asked, Act.QUESTION_ANSWERED).about("answer", answerDigest);
    epsilon.ifPresent(spent -> deed.about("epsilon", spent));
    log.require(deed);
  }

  /** Writes down a refusal. */
  void refused(Asked asked, String why) throws IOException {
    log.require(deed(asked, Act.QUESTION_REFUSED).about("refused", why));
  }

  private Deed deed(Asked asked, Act what) {
    Deed deed =
        Deed.of("site " + site, what)
            .about("run", asked.run())
            .about("method", asked.method())
            .about("exchange", asked.exchange())
            .about("kind", asked.kind().word());
    if (asked.step() >= 0) {
      deed.about("step", asked.step());
    }
    return deed.about("examples", asked.examples())
        .about("bytes", asked.answerBytes())
        .about("masked", !asked.maskedOver().isEmpty())
        .about("sites", asked.maskedOver())
        .about("data", asked.dataDigest())
        .about("question", asked.questionDigest());
  }
}
