package io.neurograft.fusion.interpolate;

import ai.djl.ndarray.NDManager;
import io.neurograft.neural.collection.ClassWeights;
import io.neurograft.neural.collection.Clusters;
import io.neurograft.neural.collection.LostExamplesException;
import io.neurograft.neural.collection.MomentCollection;
import io.neurograft.neural.collection.MomentShapes;
import io.neurograft.neural.collection.StepMoments;
import io.neurograft.neural.exchange.Plan;
import io.neurograft.neural.exchange.Question;
import io.neurograft.neural.moments.FitStep;
import io.neurograft.neural.moments.Gram;
import io.neurograft.neural.moments.LevelBudget;
import io.neurograft.neural.moments.NumberSource;
import io.neurograft.neural.moments.Projection;
import io.neurograft.neural.moments.RowSampling;
import io.neurograft.neural.moments.Summed;
import io.neurograft.neural.moments.TargetMoments;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Moments of examples that stay at their sites: each question is put to all sites at once, and what
 * is held of their answers is one sum, however many sites there are. (Design: fusion, section 5.)
 */
public final class FederatedMoments implements MomentSource {
  private final Exchange exchange;
  private final Settings settings;

  /**
   * How sites collect.
   *
   * @param precision of products and of numbers on their way
   * @param rowSeed decides which rows of large images are read
   * @param rowsPerColumn how many rows a fit wants for each of its columns
   * @param examples how many examples all sites have together
   * @param answers how many answers the whole run will ask of each site
   * @param budget of a step's S; sites project its inputs where it would be over it
   */
  public record Settings(
      Plan.Precision precision,
      long rowSeed,
      int rowsPerColumn,
      long examples,
      int answers,
      LevelBudget budget) {}

  /** Moments by way of an exchange. */
  public FederatedMoments(Exchange exchange, Settings settings) {
    this.exchange = exchange;
    this.settings = settings;
  }

  @Override
  public MomentCollection begin(Request request) {
    return new Asking(exchange, settings, request);
  }

  /** One fusion's questions. */
  private static final class Asking implements MomentCollection {
    private final Exchange exchange;
    private final Request request;
    private final Plan plan;
    private final MomentShapes shapes;
    private final NDManager scope;
    private Optional<Projection> projection = Optional.empty(); // of the step asked for last
    private int told = -1; // the step whose final parameters the sites have
    private boolean began; // whether they have what no step sets
    private List<String> sites = List.of(); // whose sum the latest step's moments are

    Asking(Exchange exchange, Settings settings, Request request) {
      this.exchange = exchange;
      this.request = request;
      this.plan =
          new Plan(
              settings.precision(),
              request.grams(),
              new RowSampling(settings.rowSeed(), settings.rowsPerColumn()),
              settings.examples(),
              settings.answers(),
              settings.budget());
      List<NetworkSpec> members = request.members().stream().map(Network::spec).toList();
      this.shapes = new MomentShapes(request.target(), members).within(plan.budget());
      this.scope = request.scope().newSubManager();
    }

    @Override
    public long examples() {
      return plan.examples();
    }

    @Override
    public LevelBudget budget() {
      return plan.budget();
    }

    @Override
    public List<Gram> grams() {
      Collection<Gram> grams = shapes.grams(plan.grams().labels(), plan.moments(), scope).values();
      // The sites hold the members already; the fused network is not begun.
      Exchange.Answered answered =
          ask(Question.grams(plan), request.members().get(0), name -> false, addTo(grams));
      grams.forEach(gram -> gram.noisy(answered.variance()));
      return List.copyOf(grams);
    }

    @Override
    public StepMoments step(Network fused, int step, Clusters clusters) {
      StepMoments moments =
          shapes.step(step, clusters, projection(fused, step), plan.moments(), scope);
      return ask(fused, Question.of(Question.Kind.STEP, step, clusters, plan), moments);
    }

    @Override
    public StepMoments head(Network fused, Clusters classes, ClassWeights weights) {
      int last = shapes.steps().size() - 1;
      StepMoments moments = shapes.head(classes, projection(fused, last), plan.moments(), scope);
      Question question = Question.of(Question.Kind.HEAD, last, classes, plan).weighted(weights);
      return ask(fused, question, moments);
    }

    private StepMoments ask(Network fused, Question question, StepMoments moments) {
      Exchange.Answered answered =
          ask(question, fused, news(question.step()), addTo(List.of(moments)));
      moments.fit().inputs().noisy(answered.variance());
      sites = answered.sites();
      told = question.step() - 1;
      return moments;
    }

    /** The projection that sites make, too, of the weights that the question brings. */
    private Optional<Projection> projection(Network fused, int step) {
      projection.ifPresent(Projection::close);
      FitStep at = shapes.steps().get(step);
      projection = Projection.of(at, plan.budget(), fused.weights(), plan.sampling().seed(), scope);
      return projection;
    }

    /**
     * What the sites have not got: what no step sets, the steps before the one asked for, and what
     * its inputs are projected by.
     */
    private Predicate<String> news(int step) {
      List<FitStep> steps = shapes.steps();
      boolean first = !began;
      int from = told;
      began = true;
      int to = plan.budget().fits(steps.get(step)) ? step : step + 1;
      return name ->
          (first && steps.stream().noneMatch(s -> s.sets(name)))
              || steps.stream().anyMatch(s -> s.index() > from && s.index() < to && s.sets(name));
    }

    @Override
    public TargetMoments refinement(Network fused, int step, Clusters clusters) {
      TargetMoments moments = shapes.refinement(step, clusters, plan.moments(), scope);
      FitStep at = shapes.steps().get(step);
      Question question = Question.of(Question.Kind.REFINEMENT, step, clusters, plan);
      List<String> answered = ask(question, fused, at::sets, addTo(List.of(moments))).sites();
      if (!answered.equals(sites)) {
        moments.close();
        throw new LostExamplesException(
            "%s: answered by %s, the step itself by %s".formatted(question, answered, sites));
      }
      return moments;
    }

    private Exchange.Answered ask(
        Question question, Network fused, Predicate<String> fitted, Consumer<NumberSource> sum) {
      return request
          .phases()
          .time("exchange", () -> exchange.ask(question, fused.weights(), fitted, sum));
    }

    private static Consumer<NumberSource> addTo(Collection<? extends Summed> sums) {
      return numbers -> sums.forEach(sum -> sum.add(numbers));
    }

    @Override
    public void close() {
      scope.close();
    }
  }
}
