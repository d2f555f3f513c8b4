package io.neurograft.fusion.interpolate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.data.Batch;
import io.neurograft.neural.data.Batches;
import io.neurograft.neural.moments.AffineRows;
import io.neurograft.neural.moments.Gram;
import io.neurograft.neural.moments.SecondMoments;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Relu;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Collects the moments of one fusion from a data set, batch by batch. */
final class ProxyCollection implements MomentSource.Collection {
  /** The largest array of a batch, in bytes: patches or a level's output. */
  private static final long BATCH_BYTES = 16L << 20;

  private static final int LARGEST_BATCH = 1024;

  private final ProxyMoments source;
  private final MomentSource.Request request;
  private final NetworkSpec target;
  private final NDManager scope;
  private final List<AffineRows> rows = new ArrayList<>();
  private final MemberRows members;
  private final FusedInputs inputs;
  private final int batchSize;

  ProxyCollection(ProxyMoments source, MomentSource.Request request) {
    this.source = source;
    this.request = request;
    this.target = request.target();
    this.scope = request.scope().newSubManager();
    long examples = source.indices().length;
    for (int level = 0; level < target.levelCount(); level++) {
      int at = level;
      long units = request.members().stream().mapToLong(m -> m.spec().units(at)).sum();
      rows.add(new AffineRows(target, level, units, examples, source.sampling()));
    }
    this.members = new MemberRows(request.members(), rows, examples, source.keptBytes(), scope);
    this.inputs = new FusedInputs(target, examples, source.keptBytes(), scope);
    this.batchSize = batchSize();
  }

  private int batchSize() {
    long largest = target.input().size();
    for (int level = 0; level < target.levelCount(); level++) {
      int at = level;
      Shape output = target.output(level);
      long positions = output.size() / output.get(0);
      long patches = positions * rows.get(level).columns();
      long widest =
          request.members().stream().mapToLong(m -> m.spec().output(at).size()).max().orElse(0);
      largest = Math.max(largest, Math.max(patches, Math.max(widest, output.size())));
    }
    return (int) Math.max(1, Math.min(LARGEST_BATCH, BATCH_BYTES / (4 * largest)));
  }

  @Override
  public List<Gram> grams() {
    List<Gram> grams = new ArrayList<>();
    for (int level = 0; level < target.levelCount() - 1; level++) {
      grams.add(new Gram((int) members.units(level), source.products(), scope));
    }
    forEachBatch(
        batch -> {
          List<Optional<NDArray>> index = new ArrayList<>();
          for (AffineRows level : rows) {
            index.add(level.index(examples(batch), batch.scope()));
          }
          List<NDArray> outputs =
              request.phases().time("forward", () -> members.run(number(batch), batch.x(), index));
          request.phases().run("moments", () -> add(outputs, grams));
        });
    return grams;
  }

  private void add(List<NDArray> outputs, List<Gram> grams) {
    for (int level = 0; level < grams.size(); level++) {
      NDArray z = outputs.get(level);
      if (request.activated() && activates(level)) {
        try (NDArray h = z.maximum(0)) {
          grams.get(level).addRows(h);
        }
      } else {
        grams.get(level).addRows(z);
      }
    }
  }

  /** Whether the level after this one begins with an activation. */
  private boolean activates(int level) {
    return target.levels().get(level + 1).stream().anyMatch(Relu.class::isInstance);
  }

  @Override
  public SecondMoments level(Network fused, int level, Clusters clusters) {
    try (NDArray a = matrix(clusters)) {
      return collect(fused, level, clusters.count(), batch -> targets(batch, level, a));
    } finally {
      members.drop(level);
    }
  }

  @Override
  public SecondMoments head(Network fused, Clusters clusters) {
    int level = target.levelCount() - 1;
    int classes = target.classes();
    try (NDArray a = matrix(clusters)) {
      return collect(
          fused,
          level,
          2 * classes,
          batch -> {
            NDArray labels = batch.labels().oneHot(classes, source.products());
            return labels.concat(targets(batch, level, a), 1);
          });
    } finally {
      members.drop(level);
    }
  }

  /** A (N x n). */
  private NDArray matrix(Clusters clusters) {
    Shape shape = new Shape(clusters.units(), clusters.count());
    try (NDArray exact = scope.create(clusters.rows(0, clusters.units()), shape)) {
      // Not toType alone: of the same type it would share the memory that is freed here.
      return exact.getDataType() == source.products()
          ? exact.duplicate()
          : exact.toType(source.products(), false);
    }
  }

  /** {@code T = Z A}: (rows x n) = (rows x N)(N x n). */
  private NDArray targets(Batch batch, int level, NDArray a) {
    NDArray z = members.get(number(batch), level, batch.x(), index(level, batch));
    try (NDArray typed = z.toType(source.products(), true)) {
      NDArray t = typed.matMul(a);
      t.attach(batch.scope());
      return t;
    }
  }

  private SecondMoments collect(
      Network fused, int level, int width, Function<Batch, NDArray> targets) {
    AffineRows affine = rows.get(level);
    SecondMoments moments = new SecondMoments(affine.columns(), width, source.products(), scope);
    forEachBatch(
        batch -> {
          NDArray x =
              request
                  .phases()
                  .time("forward", () -> inputs.get(fused, level, number(batch), batch.x()));
          request
              .phases()
              .run(
                  "moments",
                  () -> {
                    NDArray t = targets.apply(batch);
                    try (NDArray patches = affine.inputs(x, index(level, batch))) {
                      moments.addRows(patches, t);
                    }
                  });
        });
    return moments;
  }

  private void forEachBatch(Consumer<Batch> use) {
    Batches.forEach(source.data(), target.input(), source.indices(), batchSize, scope, use);
  }

  private Optional<NDArray> index(int level, Batch batch) {
    return rows.get(level).index(examples(batch), batch.scope());
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
