package io.neurograft.client.task;

import io.neurograft.client.transfer.ArtifactRef;
import io.neurograft.neural.Progress;
import io.neurograft.neural.collection.MomentShapes;
import io.neurograft.neural.exchange.AnswerFile;
import io.neurograft.neural.exchange.Masking;
import io.neurograft.neural.exchange.Question;
import io.neurograft.neural.exchange.QuestionFile;
import io.neurograft.neural.exchange.SiteMoments;
import io.neurograft.neural.network.NetworkSpec;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Answers a question about the site's training examples: with sums over them, or with such sums
 * masked. The same question gives the same bytes, so doing it twice does no harm.
 */
final class MomentsJob {
  private MomentsJob() {}

  static TaskOutcome run(
      SiteTask task, NetworkSpec spec, Work.Moments work, Workbench bench, Progress progress)
      throws IOException, InterruptedException {
    progress.report(0, "pulling members and questions");
    MomentShapes shapes = new MomentShapes(spec, Collections.nCopies(work.members().size(), spec));
    try (QuestionFile file = QuestionFile.open(bench.pull(work.question()), shapes)) {
      Question question = file.question();
      AnswerFile.Encoding encoding = encoding(task, work, question, bench);
      SiteMoments moments = bench.fusion().at(spec, work, file, bench);
      progress.report(0.2, "collecting " + question);
      ArtifactRef answer =
          bench.make(
              ArtifactRef.Kind.MOMENTS,
              progress,
              path ->
                  AnswerFile.write(
                      path,
                      question.numbers(shapes),
                      encoding,
                      sink -> moments.answer(question, sink)));
      return new TaskOutcome(List.of(answer), 0, Optional.empty(), Optional.empty(), 0);
    }
  }

  private static AnswerFile.Encoding encoding(
      SiteTask task, Work.Moments work, Question question, Workbench bench) throws IOException {
    if (question.masking().isEmpty()) {
      return AnswerFile.plain(question.plan().precision());
    }
    Masking masking = question.masking().get();
    return masking.encoding(
        bench.keys().site(), bench.keys().of(task.run()), work.question().digest().hex());
  }
}
