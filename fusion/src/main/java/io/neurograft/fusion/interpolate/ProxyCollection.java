package io.neurograft.fusion.interpolate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.neurograft.neural.data.Batch;
import io.neurograft.neural.data.Batches;
import io.neurograft.neural.moments.AffineRows;
import io.neurograft.neural.moments.FitStep;
import io.neurograft.neural.moments.FitSteps;
import io.neurograft.neural.moments.Gram;
import io.neurograft.neural.moments.SecondMoments;
import io.neurograft.neural.moments.TargetMoments;
import io.neurograft.neural.network.LayerSpec;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Collects the moments of one fusion from a data set, batch by batch. */
final class ProxyCollection implements MomentSource.Collection {
  /** The largest array of a batch, in bytes: patches or a level's output. */
  private static final long BATCH_BYTES = 16L << 20;

  private static final int LARGEST_BATCH = 1024;

  private final ProxyMoments source;
  private final MomentSource.Request request;
  private final NetworkSpec target;
  private final List<FitStep> steps;
  private final NDManager scope;
  private final List<AffineRows> rows = new ArrayList<>();
  private final MemberRows members;
  private final FusedInputs inputs;
  private final int batchSize;

  ProxyCollection(ProxyMoments source, MomentSource.Request request) {
    this.source = source;
    this.request = request;
    this.target = request.target();
    this.steps = FitSteps.of(target);
    this.scope = request.scope().newSubManager();
    long examples = source.indices().length;
    for (FitStep step : steps) {
      int units = MemberRows.units(request.members(), step);
      rows.add(new AffineRows(step, units, examples, source.sampling()));
    }
    this.members =
        new MemberRows(request.members(), steps, rows, examples, source.keptBytes(), scope);
    this.inputs =
        new FusedInputs(steps, examples, () -> source.keptBytes() - members.keptBytes(), scope);
    this.batchSize = batchSize();
  }

  private int batchSize() {
    long largest = target.input().size();
    for (FitStep step : steps) {
      long positions = rows.get(step.index()).positions();
      boolean all = step.kind() == FitStep.Kind.EMBEDDING; // makes its rows before it samples them
      long taken = all ? positions : rows.get(step.index()).perExample();
      long patches = taken * rows.get(step.index()).columns();
      largest = Math.max(largest, Math.max(patches, step.output().size()));
      for (Network member : request.members()) {
        int units = member.spec().groups().get(step.group()).units();
        largest = Math.max(largest, positions * units * step.stride());
      }
    }
    return (int) Math.max(1, Math.min(LARGEST_BATCH, BATCH_BYTES / (4 * largest)));
  }

  @Override
  public long examples() {
    return source.indices().length;
  }

  @Override
  public List<Gram> grams() {
    Map<Integer, Gram> grams = new TreeMap<>(); // by group
    int classes = steps.get(steps.size() - 1).group();
    for (FitStep step : steps) {
      if (step.group() != classes) {
        int units = MemberRows.units(request.members(), step);
        grams.computeIfAbsent(step.group(), g -> new Gram(units, source.products(), scope));
      }
    }
    forEachBatch(
        batch -> {
          List<Optional<NDArray>> index = new ArrayList<>();
          for (AffineRows step : rows) {
            index.add(step.index(examples(batch), batch.scope()));
          }
          List<NDArray> outputs =
              request.phases().time("forward", () -> members.run(number(batch), batch.x(), index));
          request.phases().run("moments", () -> add(outputs, grams));
        });
    return List.copyOf(grams.values());
  }

  private void add(List<NDArray> outputs, Map<Integer, Gram> grams) {
    for (FitStep step : steps) {
      Gram gram = grams.get(step.group());
      NDArray z = outputs.get(step.index());
      if (gram == null) {
        continue;
      }
      if (request.activated() && step.activation().isPresent()) {
        LayerSpec activation = step.activation().get().layer();
        try (NDArray h = request.members().get(0).run(step.place(), activation, z)) {
          gram.addRows(h);
        }
      } else {
        try (NDArray units = UnitRows.split(z, step.stride())) {
          gram.addRows(units);
        }
      }
    }
  }

  @Override
  public StepMoments step(Network fused, int step, Clusters clusters) {
    int width = steps.get(step).targets().size() * clusters.count() * steps.get(step).stride();
    return collect(fused, step, clusters, width, (batch, values, t) -> t);
  }

  @Override
  public StepMoments head(Network fused, Clusters classes) {
    int count = target.classes();
    return collect(
        fused,
        steps.size() - 1,
        classes,
        2 * count,
        (batch, values, t) -> batch.labels().oneHot(count, source.products()).concat(t, 1));
  }

  @Override
  public void refitted() {
    inputs.forget();
  }

  @Override
  public TargetMoments refinement(Network fused, int step, Clusters clusters) {
    AffineRows affine = rows.get(step);
    int width = clusters.count() * steps.get(step).stride();
    TargetMoments moments = new TargetMoments(affine.columns(), width, source.products(), scope);
    forEachRows(
        fused,
        step,
        clusters,
        Optional.empty(),
        (batch, values, t) -> {
          NDArray made =
              request
                  .phases()
                  .time("forward", () -> inputs.result(fused, step, values, batch.scope()));
          NDArray now = affine.outputs(made, index(step, batch)).toType(t.getDataType(), false);
          return NDArrays.where(t.gt(0), t, now.minimum(0));
        },
        moments::addRows);
    return moments;
  }

  /**
   * @param width the columns of the targets
   */
  private StepMoments collect(
      Network fused, int step, Clusters clusters, int width, Targets targets) {
    for (int before = 0; before < step; before++) {
      members.drop(before);
    }
    int columns = rows.get(step).columns();
    SecondMoments moments = new SecondMoments(columns, width, source.products(), scope);
    Deviations deviations = new Deviations(clusters);
    forEachRows(fused, step, clusters, Optional.of(deviations), targets, moments::addRows);
    return new StepMoments(moments, deviations);
  }

  /** What a step is fitted to. */
  private interface Targets {
    /**
     * @param values what the step reads in the fused network
     * @param t {@code Z A}, a row for each sampled position
     */
    NDArray of(Batch batch, Map<Integer, NDArray> values, NDArray t);
  }

  /**
   * @param use takes inputs and targets, as rows
   */
  private void forEachRows(
      Network fused,
      int step,
      Clusters clusters,
      Optional<Deviations> deviations,
      Targets targets,
      BiConsumer<NDArray, NDArray> use) {
    PhaseTimes phases = request.phases();
    try (NDArray a = clusters.matrix(source.products(), scope)) {
      forEachBatch(
          batch -> {
            Map<Integer, NDArray> values =
                phases.time("forward", () -> inputs.get(fused, step, number(batch), batch.x()));
            NDArray z =
                phases.time(
                    "forward",
                    () -> members.get(number(batch), step, batch.x(), index(step, batch)));
            phases.run(
                "moments",
                () -> {
                  NDArray t = clustered(z, a, steps.get(step), deviations, batch.scope());
                  NDArray rest = less(targets.of(batch, values, t), values, step, batch);
                  try (NDArray x = rows.get(step).inputs(values::get, index(step, batch))) {
                    use.accept(x, rest);
                  }
                });
          });
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
          NDArray typed = units.toType(source.products(), true);
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
    Batches.forEach(source.data(), target.input(), source.indices(), batchSize, scope, use);
  }

  private Optional<NDArray> index(int step, Batch batch) {
    return rows.get(step).index(examples(batch), batch.scope());
  }

  private int[] examples(Batch batch) {
    return Arrays.copyOfRange(source.indices(), batch.first(), batch.first() + batch.size());
  }

  private int number(Batch batch) {
    return batch.first() / batchSize;
  }

  @Override
  public void close() {
    scope.close();
  }
}
