package io.neurograft.neural.exchange;

import ai.djl.ndarray.NDManager;
import io.neurograft.neural.PhaseTimes;
import io.neurograft.neural.collection.Clip;
import io.neurograft.neural.collection.Clusters;
import io.neurograft.neural.collection.Collector;
import io.neurograft.neural.collection.MomentShapes;
import io.neurograft.neural.collection.StepMoments;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.moments.Gram;
import io.neurograft.neural.moments.NumberSink;
import io.neurograft.neural.moments.TargetMoments;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import java.util.List;
import java.util.Optional;

/**
 * Answers the questions of one fusion from the examples of one site. What networks gave for the
 * examples is kept from question to question, within bounds; answers do not depend on that.
 */
public final class SiteMoments implements AutoCloseable {
  private final MomentShapes shapes;
  private final Weights fused;
  private final Network network;
  private final Collector collector;
  private int latest = -1; // the step that was asked for last

  /**
   * @param target the fused network's specification
   * @param members in the coordinator's order
   * @param clip bounds what one example can add to an answer, where noise shall hide it
   * @param data the site's examples
   * @param keptBytes how much of what networks gave may be kept
   */
  public SiteMoments(
      NetworkSpec target,
      List<Network> members,
      Plan plan,
      Optional<Clip> clip,
      Dataset data,
      long keptBytes,
      NDManager parent) {
    this.shapes = new MomentShapes(target, members.stream().map(Network::spec).toList());
    this.fused = Weights.initialise(target, 0, parent); // questions bring all that is used
    this.network = new Network(target, fused);
    this.collector =
        new Collector(
            data,
            plan.collecting(keptBytes),
            target,
            members,
            plan.grams(),
            clip,
            parent,
            new PhaseTimes(() -> 0));
  }

  /**
   * How far the answer to a question can move when one example is replaced by another, in L2 norm.
   *
   * @throws IllegalStateException if nothing is clipped
   */
  public double sensitivity(Question question) {
    return question.kind() == Question.Kind.GRAMS
        ? collector.gramSensitivity()
        : collector.stepSensitivity(question.step());
  }

  /** Brings the fused network up to a question; all before it must have come. */
  public void fit(QuestionFile question) {
    if (question.brings(
        name -> shapes.steps().stream().anyMatch(s -> s.index() < latest && s.sets(name)))) {
      collector.refitted(); // what was kept came from other weights
    }
    question.fit(fused);
    Question asked = question.question();
    if (asked.kind() == Question.Kind.STEP || asked.kind() == Question.Kind.HEAD) {
      collector.project(network, asked.step());
    }
  }

  /**
   * Answers the question that the fused network was brought up to.
   *
   * @param sink takes as many numbers as the question says
   */
  public void answer(Question question, NumberSink sink) {
    int step = question.step();
    if (step < latest) {
      collector.refitted(); // an earlier step is asked for again: what lies behind it is void
    }
    latest = step;
    switch (question.kind()) {
      case GRAMS -> {
        List<Gram> grams = collector.grams();
        try {
          grams.forEach(gram -> gram.write(sink));
        } finally {
          grams.forEach(Gram::close);
        }
      }
      case STEP -> write(collector.step(network, step, clusters(question)), sink);
      case HEAD -> write(collector.head(network, clusters(question), question.weights()), sink);
      case REFINEMENT -> {
        try (TargetMoments moments = collector.refinement(network, step, clusters(question))) {
          moments.write(sink);
        }
      }
    }
  }

  private static void write(StepMoments moments, NumberSink sink) {
    try (moments) {
      moments.write(sink);
    }
  }

  private static Clusters clusters(Question question) {
    return question.clusters().orElseThrow();
  }

  /** What the fusion's moments look like. */
  public MomentShapes shapes() {
    return shapes;
  }

  @Override
  public void close() {
    collector.close();
    fused.close();
  }
}
