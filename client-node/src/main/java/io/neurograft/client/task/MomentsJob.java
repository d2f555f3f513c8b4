package io.neurograft.client.task;

import io.neurograft.client.guard.Admission;
import io.neurograft.client.guard.Asked;
import io.neurograft.client.guard.Kind;
import io.neurograft.client.transfer.ArtifactRef;
import io.neurograft.neural.Progress;
import io.neurograft.neural.collection.Clip;
import io.neurograft.neural.collection.MomentShapes;
import io.neurograft.neural.exchange.AnswerFile;
import io.neurograft.neural.exchange.Question;
import io.neurograft.neural.exchange.QuestionFile;
import io.neurograft.neural.exchange.SiteMoments;
import io.neurograft.neural.masking.GaussianNoise;
import io.neurograft.neural.masking.MaskingKeys;
import io.neurograft.neural.network.NetworkSpec;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Answers a question about the site's training examples: with sums over them, or with such sums
 * masked. Nothing is computed before the site's guards admit the question, and nothing leaves that
 * is not in its audit log. The same question gives the same bytes, so doing it twice does no harm.
 */
final class MomentsJob {
  private final SiteTask task;
  private final NetworkSpec spec;
  private final Work.Moments work;
  private final Workbench bench;
  private final Progress progress;

  private MomentsJob(
      SiteTask task, NetworkSpec spec, Work.Moments work, Workbench bench, Progress progress) {
    this.task = task;
    this.spec = spec;
    this.work = work;
    this.bench = bench;
    this.progress = progress;
  }

  static TaskOutcome run(
      SiteTask task, NetworkSpec spec, Work.Moments work, Workbench bench, Progress progress)
      throws IOException, InterruptedException {
    return new MomentsJob(task, spec, work, bench, progress).run();
  }

  private TaskOutcome run() throws IOException, InterruptedException {
    progress.report(0, "pulling members and questions");
    MomentShapes shapes = new MomentShapes(spec, work.members().size());
    try (QuestionFile file = QuestionFile.open(bench.pull(work.question()), shapes)) {
      ArtifactRef answer = answer(file, shapes);
      return new TaskOutcome(List.of(answer), 0, Optional.empty(), Optional.empty(), 0);
    }
  }

  private ArtifactRef answer(QuestionFile file, MomentShapes shapes)
      throws IOException, InterruptedException {
    Question question = file.question();
    String identity = work.identity(task.network());
    Asked asked = asked(question, identity, question.numbers(shapes));
    progress.report(0.1, "asking the site's guards for " + question);
    Admission admission =
        bench.storing().store("the ledger", progress, () -> bench.gate().admit(asked));
    Optional<Clip> clip = admission.noise().map(noise -> new Clip(noise.clip()));
    SiteMoments moments = bench.fusion().at(spec, work, file, clip, bench);
    progress.report(0.2, "collecting " + question);
    Optional<MaskingKeys> keys = keys(question);
    ArtifactRef answer =
        bench.make(
            ArtifactRef.Kind.MOMENTS,
            progress,
            path -> // anew for each attempt: masks and noise begin with the first number
            AnswerFile.write(
                    path,
                    question.numbers(shapes),
                    encoding(question, identity, keys),
                    admission.noise().map(noise -> noise(noise, moments.sensitivity(question))),
                    sink -> moments.answer(question, sink)));
    bench
        .storing()
        .store(
            "the audit log",
            progress,
            () -> {
              bench.gate().released(asked, answer.digest().hex());
              return answer;
            });
    return answer;
  }

  private Asked asked(Question question, String identity, long numbers) {
    return new Asked(
        task.run(),
        work.method(),
        work.exchange(),
        Kind.valueOf(question.kind().name()),
        question.step(),
        identity,
        bench.fusion().dataDigest(bench.data()),
        bench.data().training().size(),
        AnswerFile.bytes(question, numbers),
        question
            .masking()
            .map(masking -> List.copyOf(masking.roster().keys().keySet()))
            .orElse(List.of()),
        question.plan().answers(),
        question.seesLabels());
  }

  private Optional<MaskingKeys> keys(Question question) throws IOException {
    return question.masking().isEmpty()
        ? Optional.empty()
        : Optional.of(bench.keys().of(task.run()));
  }

  private AnswerFile.Encoding encoding(
      Question question, String identity, Optional<MaskingKeys> keys) {
    return question
        .masking()
        .map(masking -> masking.encoding(bench.keys().site(), keys.orElseThrow(), identity))
        .orElseGet(() -> AnswerFile.plain(question.plan().precision()));
  }

  private static GaussianNoise noise(Admission.Noise noise, double sensitivity) {
    return new GaussianNoise(noise.seed(), sensitivity / noise.mu());
  }
}
