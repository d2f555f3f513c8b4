package io.neurograft.coordinator.conduct;

import io.neurograft.coordinator.run.Federation;
import io.neurograft.coordinator.run.ModelKey;
import io.neurograft.coordinator.run.RunSpec;
import io.neurograft.coordinator.run.Seeds;
import io.neurograft.coordinator.run.TaskKey;
import io.neurograft.coordinator.store.StoredArtifact;
import io.neurograft.coordinator.store.StoredRun;
import io.neurograft.coordinator.store.StoredTask;
import io.neurograft.coordinator.store.Tables;
import java.util.List;

/** Words a stored task for its site. */
final class Orders {
  private Orders() {}

  static TaskOrder order(Tables tables, StoredRun run, RunSpec spec, StoredTask task) {
    TaskKey key = task.key();
    Work work =
        switch (key.kind()) {
          case TRAIN ->
              new Work.Train(
                  spec.training(),
                  Seeds.member(spec.seed(), key.site()),
                  spec.scoring(),
                  spec.federated().filter(Federation::secure).isPresent());
          case FINE_TUNE ->
              new Work.FineTune(
                  model(tables, run, key.model()),
                  spec.tuning(),
                  Seeds.tuning(spec.seed(), key.site(), key.round()),
                  key.method(),
                  key.round());
          case MOMENTS -> moments(tables, run, key);
          case EVALUATE -> new Work.Evaluate(model(tables, run, key.model()));
          case ADOPT -> new Work.Adopt(model(tables, run, run.published().orElseThrow()));
        };
    return new TaskOrder(
        task.id(),
        run.id(),
        spec.network().toYaml(),
        task.view().deadline(),
        work,
        spec.transfer());
  }

  private static Work moments(Tables tables, StoredRun run, TaskKey key) {
    List<StoredArtifact> members =
        tables.tasks().members(run.id()).stream()
            .flatMap(task -> task.result().stream())
            .map(result -> tables.artifacts().find(result.weights().orElseThrow()).orElseThrow())
            .toList();
    return new Work.Moments(
        members,
        tables.exchanges().upTo(run.id(), key.method(), key.round()),
        key.method(),
        key.round());
  }

  private static StoredArtifact model(Tables tables, StoredRun run, ModelKey key) {
    return tables
        .models()
        .find(run.id(), key)
        .flatMap(model -> tables.artifacts().find(model.digest()))
        .orElseThrow(() -> new IllegalStateException(run.id() + " has no model " + key));
  }
}
