package io.neurograft.client.task;

import ai.djl.ndarray.NDManager;
import io.neurograft.client.transfer.ArtifactRef;
import io.neurograft.neural.collection.Clip;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.exchange.Plan;
import io.neurograft.neural.exchange.QuestionFile;
import io.neurograft.neural.exchange.SiteMoments;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.tensor.Compute;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The fusion that this site was asked about last, open for its next question: members and what they
 * gave stay in memory from question to question. Any other work closes it; it opens again from the
 * questions that a task brings. Belongs to the thread that does the site's tasks.
 */
final class OpenFusion implements AutoCloseable {
  private record Open(
      String network,
      List<ArtifactRef> members,
      Plan plan,
      Optional<Clip> clip,
      NDManager scope,
      SiteMoments moments) {}

  private final long keptBytes;
  private @Nullable Open open;
  private @Nullable String dataDigest;
  private final List<ArtifactRef> questions = new ArrayList<>(); // that it was brought up to

  /**
   * @param keptBytes how much of what networks gave may stay in memory between questions
   */
  OpenFusion(long keptBytes) {
    this.keptBytes = keptBytes;
  }

  /** Names the site's training examples; computed once. */
  String dataDigest(SiteData data) {
    String known = dataDigest;
    if (known == null) {
      known = data.digest();
      dataDigest = known;
    }
    return known;
  }

  /**
   * Brings the fusion up to a task's question.
   *
   * @param question the file of the question to be answered
   * @param clip bounds what one example can add to answers
   * @throws InvalidInputException if members or questions do not fit the network
   */
  SiteMoments at(
      NetworkSpec spec,
      Work.Moments work,
      QuestionFile question,
      Optional<Clip> clip,
      Workbench bench)
      throws IOException, InterruptedException {
    Plan plan = question.question().plan();
    Optional<Open> here =
        Optional.ofNullable(open)
            .filter(known -> known.network().equals(spec.toYaml()))
            .filter(known -> known.members().equals(work.members()) && known.plan().equals(plan))
            .filter(known -> known.clip().equals(clip))
            .filter(known -> startsWith(work.questions(), questions));
    Open now = here.isPresent() ? here.get() : open(spec, work, plan, clip, bench);
    try {
      bringUp(now.moments(), work, question, bench);
      return now.moments();
    } catch (IOException | InterruptedException | RuntimeException e) {
      close(); // it may be brought up in parts
      throw e;
    }
  }

  private void bringUp(
      SiteMoments moments, Work.Moments work, QuestionFile question, Workbench bench)
      throws IOException, InterruptedException {
    int last = work.questions().size() - 1;
    while (questions.size() < last) {
      ArtifactRef earlier = work.questions().get(questions.size());
      try (QuestionFile file = QuestionFile.open(bench.pull(earlier), moments.shapes())) {
        moments.fit(file);
      }
      questions.add(earlier);
    }
    if (questions.size() == last) {
      moments.fit(question);
      questions.add(work.question());
    }
  }

  private static boolean startsWith(List<ArtifactRef> all, List<ArtifactRef> start) {
    return start.size() <= all.size() && all.subList(0, start.size()).equals(start);
  }

  private Open open(
      NetworkSpec spec, Work.Moments work, Plan plan, Optional<Clip> clip, Workbench bench)
      throws IOException, InterruptedException {
    close();
    NDManager scope = Compute.newManager();
    try {
      List<Network> members = new ArrayList<>();
      for (ArtifactRef member : work.members()) {
        members.add(new Network(spec, bench.pull(member, spec, scope)));
      }
      SiteMoments moments =
          new SiteMoments(spec, members, plan, clip, bench.data().training(), keptBytes, scope);
      Open opened = new Open(spec.toYaml(), work.members(), plan, clip, scope, moments);
      open = opened;
      return opened;
    } catch (IOException | InterruptedException | RuntimeException e) {
      scope.close();
      throw e;
    }
  }

  @Override
  public void close() {
    if (open != null) {
      open.moments().close();
      open.scope().close();
      open = null;
    }
    questions.clear();
  }
}
