package io.neurograft.fusion.interpolate;

import ai.djl.ndarray.NDManager;
import io.neurograft.neural.collection.MomentShapes;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.exchange.AnswerFile;
import io.neurograft.neural.exchange.Question;
import io.neurograft.neural.exchange.QuestionFile;
import io.neurograft.neural.exchange.SiteMoments;
import io.neurograft.neural.moments.NumberSource;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.safetensors.TensorStream;
import io.neurograft.neural.tensor.Compute;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Sites in this process: questions and answers go through files, as between processes. */
final class LocalSites implements Exchange, AutoCloseable {
  private static final long KEPT = 1 << 24;

  private final List<Dataset> shards;
  private final List<Network> members;
  private final Path folder;
  private final NDManager scope = Compute.newManager();
  private final MomentShapes shapes;
  private final List<Path> questions = new ArrayList<>();
  private final List<String> asked = new ArrayList<>();
  private final Map<Integer, SiteMoments> sites = new HashMap<>();
  private List<Integer> present;
  private boolean forgetting;
  private int loses = -1;
  private Question.Kind lossKind = Question.Kind.GRAMS;
  private int lossStep = -1;

  LocalSites(List<Dataset> shards, List<Network> members, Path folder) {
    this.shards = shards;
    this.members = members;
    this.folder = folder;
    this.present = IntStream.range(0, shards.size()).boxed().toList();
    List<NetworkSpec> specs = members.stream().map(Network::spec).toList();
    this.shapes = new MomentShapes(specs.get(0), specs);
  }

  /** Sites that keep nothing from question to question. */
  LocalSites forgetting() {
    forgetting = true;
    return this;
  }

  /** A site that is gone from a question on. */
  LocalSites losing(int site, Question.Kind kind, int step) {
    loses = site;
    lossKind = kind;
    lossStep = step;
    return this;
  }

  List<String> asked() {
    return asked;
  }

  @Override
  public Answered ask(
      Question question, Weights fused, Predicate<String> fitted, Consumer<NumberSource> sum) {
    Path file = folder.resolve("question-%d".formatted(questions.size()));
    QuestionFile.write(file, question, fused, fitted);
    questions.add(file);
    asked.add(question.toString());
    if (question.kind() == lossKind && question.step() == lossStep) {
      present = present.stream().filter(site -> site != loses).toList();
    }
    for (int site : present) {
      Path answer = answer(site, file);
      try (AnswerFile numbers = AnswerFile.open(answer, question, shapes)) {
        TensorStream stream = numbers.numbers();
        sum.accept(stream::get);
      }
    }
    return new Answered(present.stream().map(site -> "site-" + site).toList(), 0);
  }

  private Path answer(int index, Path file) {
    Path path = folder.resolve("answer");
    try (QuestionFile read = QuestionFile.open(file, shapes)) {
      Question question = read.question();
      SiteMoments site = sites.get(index);
      if (site == null || forgetting) {
        site = begin(index, question);
        for (Path before : questions.subList(0, questions.size() - 1)) {
          try (QuestionFile earlier = QuestionFile.open(before, shapes)) {
            site.fit(earlier);
          }
        }
      }
      site.fit(read);
      SiteMoments answering = site;
      AnswerFile.write(
          path,
          question.numbers(shapes),
          AnswerFile.plain(question.plan().precision()),
          Optional.empty(),
          sink -> answering.answer(question, sink));
    }
    return path;
  }

  private SiteMoments begin(int index, Question question) {
    SiteMoments old = sites.remove(index);
    if (old != null) {
      old.close();
    }
    SiteMoments site =
        new SiteMoments(
            members.get(0).spec(),
            members,
            question.plan(),
            Optional.empty(),
            shards.get(index),
            KEPT,
            scope);
    sites.put(index, site);
    return site;
  }

  @Override
  public void close() {
    scope.close();
  }
}
