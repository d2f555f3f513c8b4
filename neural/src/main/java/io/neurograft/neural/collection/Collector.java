package io.neurograft.neural.collection;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import io.neurograft.neural.PhaseTimes;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.data.Batch;
import io.neurograft.neural.data.Batches;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.moments.AffineRows;
import io.neurograft.neural.moments.FitStep;
import io.neurograft.neural.moments.Gram;
import io.neurograft.neural.moments.LevelBudget;
import io.neurograft.neural.moments.MomentSettings;
import io.neurograft.neural.moments.Projection;
import io.neurograft.neural.moments.RowSampling;
import io.neurograft.neural.moments.TargetMoments;
import io.neurograft.neural.network.LayerSpec;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Collects the moments that one fusion asks of some examples, batch by batch: those of the members'
 * units, then, step by step, those of the fused network's inputs and of what it should give there.
 * It does not matter for the sums how the examples are spread over collectors.
 */
public final class Collector implements MomentCollection {
  /** The largest array of a batch, in bytes: patches or a level's output. */
  private static final long BATCH_BYTES = 16L << 20;

  private static final int LARGEST_BATCH = 1024;

  /**
   * How moments are collected. Where products are in double precision, networks run in it, too.
   *
   * @param sampling which positions of an example give rows
   * @param examples how many examples there are at all collectors together; at least 1
   * @param keptBytes how much of the members' rows and of the fused network's activations may be
   *     kept to save forward passes
   * @param budget of a step's S; inputs are projected where it would be over it
   */
  public record Settings(
      MomentSettings moments,
      RowSampling sampling,
      long examples,
      long keptBytes,
      LevelBudget budget) {}

  private final Dataset data;
  private final Settings settings;
  private final Grams grams;
  private final Optional<Clip> clip;
  private final NetworkSpec target;
  private final List<Network> networks;
  private final PhaseTimes phases;
  private final MomentShapes shapes;
  private final List<FitStep> steps;
  private final NDManager scope;
  private final List<AffineRows> rows = new ArrayList<>();
  private final MemberRows members;
  private final FusedInputs inputs;
  private final ExampleKeys keys;
  private final int batchSize;
  private Optional<Projection> projection = Optional.empty(); // of the step asked for last

  /**
   * A collector that has not looked at any example yet.
   *
   * @param data the examples, at least one
   * @param target the fused network's specification
   * @param networks the members, of the same chain of levels
   * @param grams what Gram matrices are of
   * @param clip bounds what one example can add to moments; distances to targets are not collected
   *     then
   * @param phases the clock of the phases {@code forward} and {@code moments}
   * @throws InvalidInputException if the network cannot take the examples
   */
  public Collector(
      Dataset data,
      Settings settings,
      NetworkSpec target,
      List<Network> networks,
      Grams grams,
      Optional<Clip> clip,
      NDManager parent,
      PhaseTimes phases) {
    requireFit(data, target);
    this.data = data;
    this.settings = settings;
    this.grams = grams;
    this.clip = clip;
    this.scope = parent.newSubManager();
    this.target = target;
    this.networks = networks.stream().map(network -> typed(network, scope)).toList();
    this.phases = phases;
    this.shapes =
        new MomentShapes(target, networks.stream().map(Network::spec).toList())
            .within(settings.budget());
    this.steps = shapes.steps();
    for (FitStep step : steps) {
      rows.add(new AffineRows(step, shapes.units(step), settings.examples(), settings.sampling()));
    }
    long size = data.size();
    boolean twice = products() == DataType.FLOAT64; // both count in single precision
    long kept = twice ? settings.keptBytes() / 2 : settings.keptBytes();
    this.members = new MemberRows(this.networks, steps, rows, size, kept, scope);
    this.inputs = new FusedInputs(steps, size, () -> kept - members.keptBytes(), scope);
    this.keys = new ExampleKeys(data);
    this.batchSize = batchSize();
  }

  private static void requireFit(Dataset data, NetworkSpec target) {
    if (data.size() == 0) {
      throw new InvalidInputException("data", "there are no examples to collect moments from");
    }
    Batches.requireFit(data, target.input());
    if (data.classes() > target.classes()) {
      throw new InvalidInputException(
          "data", "it has " + data.classes() + " classes, the network only " + target.classes());
    }
  }

  private int batchSize() {
    long largest = target.input().size();
    for (FitStep step : steps) {
      long positions = rows.get(step.index()).positions();
      boolean all = step.kind() == FitStep.Kind.EMBEDDING; // makes its rows before it samples them
      long taken = all ? positions : rows.get(step.index()).perExample();
      long patches = taken * rows.get(step.index()).columns();
      largest = Math.max(largest, Math.max(patches, step.output().size()));
      for (Network member : networks) {
        int units = member.spec().groups().get(step.group()).units();
        largest = Math.max(largest, positions * units * step.stride());
      }
    }
    return (int) Math.max(1, Math.min(LARGEST_BATCH, BATCH_BYTES / (4 * largest)));
  }

  @Override
  public long examples() {
    return settings.examples();
  }

  @Override
  public LevelBudget budget() {
    return settings.budget();
  }

  @Override
  public List<Gram> grams() {
    SortedMap<Integer, Gram> sums = shapes.grams(grams.labels(), settings.moments(), scope);
    forEachBatch(
        batch -> {
          List<Optional<NDArray>> index = new ArrayList<>();
          for (int step = 0; step < steps.size(); step++) {
            index.add(index(step, batch));
          }
          List<NDArray> outputs =
              phases.time("forward", () -> members.run(number(batch), batch.x(), index));
          phases.run("moments", () -> add(outputs, sums, batch));
        });
    return List.copyOf(sums.values());
  }

  private void add(List<NDArray> outputs, Map<Integer, Gram> sums, Batch batch) {
    for (FitStep step : steps) {
      Gram gram = sums.get(step.group());
      NDArray z = outputs.get(step.index());
      if (gram == null) {
        continue;
      }
      if (grams.activated() && step.activation().isPresent()) {
        LayerSpec activation = step.activation().get().layer();
        try (NDArray h = networks.get(0).run(step.place(), activation, z)) {
          addUnits(gram, h, step, batch);
        }
      } else {
        try (NDArray units = UnitRows.split(z, step.stride())) {
          addUnits(gram, units, step, batch);
        }
      }
    }
  }

  /** Units, and behind them the labels where they are asked for: the same for all of an example. */
  private void addUnits(Gram gram, NDArray units, FitStep step, Batch batch) {
    if (!grams.labels() || !shapes.labelled().equals(OptionalInt.of(step.group()))) {
      addClipped(gram, units);
      return;
    }
    long each = units.getShape().get(0) / batch.size();
    try (NDArray labels = batch.labels().oneHot(target.classes(), units.getDataType());
        NDArray repeated = labels.repeat(0, each);
        NDArray both = units.concat(repeated, 1)) {
      addClipped(gram, both);
    }
  }

  private void addClipped(Gram gram, NDArray rows) {
    if (clip.isEmpty()) {
      gram.addRows(rows);
      return;
    }
    try (NDArray clipped = clip.get().clipped(rows)) {
      gram.addRows(clipped);
    }
  }

  /**
   * How far the Gram matrices, all together, can move when one example is replaced by another, in
   * L2 norm.
   *
   * @throws IllegalStateException if nothing is clipped
   */
  public double gramSensitivity() {
    Map<Integer, Double> rowsOfGroup = new HashMap<>();
    for (FitStep step : steps) {
      if (step.group() != steps.get(steps.size() - 1).group()) {
        double each = (double) rows.get(step.index()).perExample() * step.stride();
        rowsOfGroup.merge(step.group(), each, Double::sum);
      }
    }
    double squares = rowsOfGroup.values().stream().mapToDouble(r -> r * r).sum();
    return clip.orElseThrow().sensitivity(Math.sqrt(squares));
  }

  /**
   * How far a step's moments can move when one example is replaced by another, in L2 norm.
   *
   * @throws IllegalStateException if nothing is clipped
   */
  public double stepSensitivity(int step) {
    return clip.orElseThrow().sensitivity(rows.get(step).perExample());
  }

  @Override
  public StepMoments step(Network fused, int step, Clusters clusters) {
    project(fused, step);
    StepMoments moments = shapes.step(step, clusters, projection, settings.moments(), scope);
    return collect(
        fused,
        step,
        clusters,
        moments,
        ClassWeights.NONE,
        (batch, network, values, t) -> t,
        rest -> rest);
  }

  @Override
  public StepMoments head(Network fused, Clusters classes, ClassWeights weights) {
    int count = target.classes();
    int last = steps.size() - 1;
    project(fused, last);
    return collect(
        fused,
        last,
        classes,
        shapes.head(classes, projection, settings.moments(), scope),
        weights,
        (batch, network, values, t) -> batch.labels().oneHot(count, products()).concat(t, 1),
        rest -> {
          NDArray logits = rest.get(new NDIndex(":, {}:", count));
          return rest.concat(logits.sum(new int[] {1}, true), 1);
        });
  }

  /**
   * Begins a step that is asked about from now on: its inputs are projected by the weights that the
   * fused network has in it now.
   */
  public void project(Network fused, int step) {
    projection.ifPresent(Projection::close);
    long seed = settings.sampling().seed();
    projection = Projection.of(steps.get(step), settings.budget(), fused.weights(), seed, scope);
  }

  @Override
  public void refitted() {
    inputs.forget();
  }

  @Override
  public TargetMoments refinement(Network fused, int step, Clusters clusters) {
    AffineRows affine = rows.get(step);
    TargetMoments moments = shapes.refinement(step, clusters, settings.moments(), scope);
    forEachRows(
        fused,
        step,
        clusters,
        Optional.empty(),
        (batch, network, values, t) -> {
          NDArray made =
              phases.time("forward", () -> inputs.result(network, step, values, batch.scope()));
          NDArray now = affine.outputs(made, index(step, batch)).toType(t.getDataType(), false);
          return NDArrays.where(t.gt(0), t, now.minimum(0));
        },
        (batch, x, t) -> add(batch, x, t, ClassWeights.NONE, moments::addRows, moments::addRows));
    return moments;
  }

  /** Adds rows that count by their classes, and no more than they may. */
  private void add(
      Batch batch,
      NDArray x,
      NDArray t,
      ClassWeights classes,
      BiConsumer<NDArray, NDArray> plain,
      Clip.Rows weighted) {
    long each = x.getShape().get(0) / batch.size();
    Optional<NDArray> weights = classes.of(batch.labels(), each, batch.scope());
    if (clip.isPresent()) {
      clip.get().add(x, t, weights, weighted);
    } else if (weights.isPresent()) {
      weighted.add(x, t, weights.get());
    } else {
      plain.accept(x, t);
    }
  }

  /**
   * @param moments of no examples
   * @param weights how much rows count
   * @param last what becomes of the targets at the very end
   */
  private StepMoments collect(
      Network fused,
      int step,
      Clusters clusters,
      StepMoments moments,
      ClassWeights weights,
      Targets targets,
      UnaryOperator<NDArray> last) {
    for (int before = 0; before < step; before++) {
      members.drop(before);
    }
    forEachRows(
        fused,
        step,
        clusters,
        clip.isEmpty() ? Optional.of(moments.deviations()) : Optional.empty(),
        targets,
        (batch, x, t) -> {
          NDArray wanted = last.apply(t);
          add(batch, x, wanted, weights, moments.fit()::addRows, moments.fit()::addRows);
        });
    return moments;
  }

  /** What a step is fitted to. */
  private interface Targets {
    /**
     * @param network the fused network
     * @param values what the step reads in it
     * @param t {@code Z A}, a row for each sampled position
     */
    NDArray of(Batch batch, Network network, Map<Integer, NDArray> values, NDArray t);
  }

  /** Takes inputs and targets. */
  private interface Rows {
    void take(Batch batch, NDArray x, NDArray t);
  }

  private void forEachRows(
      Network fused,
      int step,
      Clusters clusters,
      Optional<Deviations> deviations,
      Targets targets,
      Rows use) {
    try (NDManager call = scope.newSubManager();
        NDArray a = clusters.matrix(products(), scope)) {
      Network typed = typed(fused, call);
      forEachBatch(
          batch -> {
            Map<Integer, NDArray> values =
                phases.time("forward", () -> inputs.get(typed, step, number(batch), batch.x()));
            NDArray z =
                phases.time(
                    "forward",
                    () -> members.get(number(batch), step, batch.x(), index(step, batch)));
            phases.run(
                "moments",
                () -> {
                  NDArray t = clustered(z, a, steps.get(step), deviations, batch.scope());
                  NDArray rest = less(targets.of(batch, typed, values, t), values, step, batch);
                  try (NDArray x = inputs(values, step, batch)) {
                    use.take(batch, x, rest);
                  }
                });
          });
    }
  }

  /** The rows of a step's inputs, projected where S would be over the budget. */
  private NDArray inputs(Map<Integer, NDArray> values, int step, Batch batch) {
    NDArray x = rows.get(step).inputs(values::get, index(step, batch));
    if (projection.isEmpty()) {
      return x;
    }
    try (x) {
      return projection.get().apply(x);
    }
  }

  /** {@code T = Z A}, for each of a step's outputs: (rows x n) = (rows x N)(N x n). */
  private NDArray clustered(
      NDArray z, NDArray a, FitStep step, Optional<Deviations> deviations, NDManager batch) {
    int outputs = step.targets().size();
    NDList parts = new NDList();
    long width = z.getShape().get(1) / outputs;
    for (int i = 0; i < outputs; i++) {
      try (NDArray part =
              outputs == 1 ? z.duplicate() : z.get(":, {}:{}", i * width, (i + 1) * width);
          NDArray units = UnitRows.split(part, step.stride());
          NDArray typed = units.toType(products(), true);
          NDArray t = typed.matMul(a)) {
        deviations.ifPresent(sums -> sums.addRows(typed, t));
        NDArray joined = UnitRows.join(t, step.stride());
        joined.attach(batch);
        parts.add(joined);
      }
    }
    return parts.size() == 1 ? parts.get(0) : NDArrays.concat(parts, 1);
  }

  /** Targets less what a residual adds to its body anyway. */
  private NDArray less(NDArray t, Map<Integer, NDArray> values, int step, Batch batch) {
    OptionalInt skip = steps.get(step).skip();
    if (skip.isEmpty()) {
      return t;
    }
    NDArray value = Objects.requireNonNull(values.get(skip.getAsInt()));
    try (NDArray around = rows.get(step).outputs(value, index(step, batch));
        NDArray typed = around.toType(t.getDataType(), true);
        NDArray twice = typed.concat(typed, 1)) {
      boolean labels = t.getShape().get(1) > typed.getShape().get(1);
      NDArray rest = t.sub(labels ? twice : typed);
      rest.attach(batch.scope());
      return rest;
    }
  }

  private void forEachBatch(Consumer<Batch> use) {
    Batches.forEach(
        data,
        target.input(),
        Batches.all(data),
        batchSize,
        scope,
        batch -> use.accept(new Batch(batch.first(), typed(batch.x()), batch.labels())));
  }

  private Optional<NDArray> index(int step, Batch batch) {
    return rows.get(step).index(batch.size(), i -> keys.of(batch.first() + i), batch.scope());
  }

  private int number(Batch batch) {
    return batch.first() / batchSize;
  }

  private Network typed(Network network, NDManager parent) {
    return products() == DataType.FLOAT64
        ? new Network(network.spec(), network.weights().doubled(parent))
        : network;
  }

  private NDArray typed(NDArray x) {
    return products() == DataType.FLOAT64 ? x.toType(DataType.FLOAT64, true) : x;
  }

  private DataType products() {
    return settings.moments().products();
  }

  @Override
  public void close() {
    scope.close();
  }
}
