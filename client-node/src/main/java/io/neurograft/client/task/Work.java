package io.neurograft.client.task;

import io.neurograft.client.transfer.ArtifactRef;
import io.neurograft.neural.attribution.ScoreMethod;
import io.neurograft.neural.training.TrainingSettings;
import io.neurograft.proto.artifact.Digest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a task asks for. */
public sealed interface Work {
  /** One word for logs and metrics. */
  String kind();

  /** The artifacts it starts from, if any. */
  List<ArtifactRef> given();

  /**
   * Trains a member from fresh weights and scores its units.
   *
   * @param seed of the initial weights, the order of the examples, and which of them are scored
   * @param examples how many training examples are scored at the most; at least 1
   * @param steps along the path, for methods that integrate; at least 1
   * @param masking whether a public key is made, too, so that answers can be masked
   */
  record Train(
      TrainingSettings training,
      long seed,
      ScoreMethod method,
      int examples,
      int steps,
      boolean masking)
      implements Work {
    /**
     * @throws IllegalArgumentException if there are no examples or no steps
     */
    public Train {
      if (examples < 1 || steps < 1) {
        throw new IllegalArgumentException(
            "expected scores on at least one example in at least one step, found "
                + examples
                + " and "
                + steps);
      }
    }

    @Override
    public String kind() {
      return "train";
    }

    @Override
    public List<ArtifactRef> given() {
      return List.of();
    }
  }

  /**
   * Trains a model further.
   *
   * @param seed of the order of the examples
   * @param method the fusion method that made the model
   * @param round from 1 on
   */
  record FineTune(ArtifactRef model, TrainingSettings training, long seed, String method, int round)
      implements Work {
    @Override
    public String kind() {
      return "fine-tune";
    }

    @Override
    public List<ArtifactRef> given() {
      return List.of(model);
    }
  }

  /**
   * Answers a question about the site's training examples.
   *
   * @param members the members' weights, in the order of their units; at least one
   * @param questions of the fusion so far; the last is to be answered, so there is at least one
   * @param method the fusion method that asks
   * @param exchange the number of the question, from 0 on
   */
  record Moments(
      List<ArtifactRef> members, List<ArtifactRef> questions, String method, int exchange)
      implements Work {
    /**
     * @throws IllegalArgumentException if there are no members or no questions
     */
    public Moments {
      members = List.copyOf(members);
      questions = List.copyOf(questions);
      if (members.isEmpty() || questions.isEmpty()) {
        throw new IllegalArgumentException("expected members and a question about them");
      }
    }

    /**
     * Names all that the answer depends on but the site's data: network, members and questions.
     *
     * @param network the network's specification
     */
    String identity(String network) {
      String all =
          network
              + "\n"
              + members.stream().map(m -> m.digest().hex()).collect(Collectors.joining(" "))
              + "\n"
              + questions.stream().map(q -> q.digest().hex()).collect(Collectors.joining(" "));
      return Digest.of(all.getBytes(StandardCharsets.UTF_8)).hex();
    }

    /** The question to be answered. */
    ArtifactRef question() {
      return questions.get(questions.size() - 1);
    }

    @Override
    public String kind() {
      return "moments";
    }

    @Override
    public List<ArtifactRef> given() {
      return Stream.concat(members.stream(), questions.stream()).toList();
    }
  }

  /** Evaluates a model. */
  record Evaluate(ArtifactRef model) implements Work {
    @Override
    public String kind() {
      return "evaluate";
    }

    @Override
    public List<ArtifactRef> given() {
      return List.of(model);
    }
  }

  /** Keeps the published model. */
  record Adopt(ArtifactRef model) implements Work {
    @Override
    public String kind() {
      return "adopt";
    }

    @Override
    public List<ArtifactRef> given() {
      return List.of(model);
    }
  }
}
