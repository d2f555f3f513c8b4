package io.neurograft.simulator.bench.load;

import io.neurograft.client.metrics.NodeMetrics;
import io.neurograft.client.retry.Retry;
import io.neurograft.client.rpc.Connection;
import io.neurograft.client.rpc.Session;
import io.neurograft.client.rpc.SiteDescription;
import io.neurograft.client.rpc.TaskListener;
import io.neurograft.client.task.Figures;
import io.neurograft.client.task.SiteTask;
import io.neurograft.client.task.TaskOutcome;
import io.neurograft.client.task.TaskReporter;
import io.neurograft.client.task.Work;
import io.neurograft.client.transfer.ArtifactRef;
import io.neurograft.client.transfer.ArtifactSource;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.proto.artifact.ArtifactFolder;
import io.neurograft.proto.artifact.Digest;
import io.neurograft.proto.artifact.Packing;
import io.neurograft.proto.channel.Channels;
import io.neurograft.proto.channel.Endpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node with a connection, a session and a folder of its own, which pulls, pushes and reports as a
 * real one does, but has no examples: a member is drawn at random, and fine-tuning changes nothing.
 */
final class LightNode implements TaskListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LightNode.class);
  private static final long EXAMPLES = 100;

  private final String site;
  private final ArtifactFolder artifacts;
  private final LightModels models;
  private final ExecutorService workers;
  private final Connection connection;
  private final ArtifactSource source;
  private final TaskReporter reporter;
  private final Session session;
  private final Map<String, SiteTask> tasks = new ConcurrentHashMap<>();

  /**
   * A node that begins to attend.
   *
   * @param workers do the tasks of all nodes
   */
  LightNode(
      String site,
      Endpoint coordinator,
      Path folder,
      LightModels models,
      ExecutorService workers,
      NodeMetrics metrics,
      Retry.Policy retries)
      throws IOException {
    this.site = site;
    this.models = models;
    this.workers = workers;
    this.artifacts = ArtifactFolder.open(folder);
    this.connection =
        Connection.to(List.of(coordinator), Optional.empty(), Channels.KEEPALIVE, site, retries);
    this.source = connection.transfers(artifacts, metrics);
    this.reporter = connection.reporter();
    NetworkSpec network = models.network();
    List<Long> counts = new ArrayList<>();
    for (int label = 0; label < network.classes(); label++) {
      counts.add(EXAMPLES / network.classes());
    }
    this.session =
        connection.session(
            new SiteDescription(network.input().shape(), counts, 0, "light"), this, metrics);
    session.start();
  }

  @Override
  public List<String> runs() {
    return List.of(); // it keeps nothing
  }

  @Override
  public void over(String runId) {}

  @Override
  public void offer(SiteTask task) {
    if (tasks.putIfAbsent(task.id(), task) == null) {
      try {
        workers.execute(() -> perform(task));
      } catch (RejectedExecutionException e) {
        LOG.debug("not done any more: the benchmark is over");
      }
    }
  }

  @Override
  public void refuse(String taskId, String message) {
    LOG.error("site {} refuses task {}: {}", site, taskId, message);
  }

  @Override
  public void revoke(String taskId, String reason) {
    tasks.remove(taskId);
  }

  /** Tells of all tasks that are not done, as a real node does every few seconds. */
  void renew() {
    tasks.keySet().forEach(id -> reporter.progress(id, 0.5, "at work"));
  }

  private void perform(SiteTask task) {
    try {
      reporter.done(task.id(), outcome(task));
    } catch (IOException e) {
      LOG.error("site {} failed at {}", site, task, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      tasks.remove(task.id());
    }
  }

  private TaskOutcome outcome(SiteTask task) throws IOException, InterruptedException {
    Work work = task.work();
    if (work instanceof Work.Train train) {
      return trained(
          push(ArtifactRef.Kind.WEIGHTS, models.member(artifacts.newFile(), train.seed())),
          push(ArtifactRef.Kind.SCORES, models.scores(artifacts.newFile())));
    }
    if (work instanceof Work.FineTune tune) {
      Path model = source.pull(tune.model(), Packing.NONE);
      ArtifactRef tuned =
          push(ArtifactRef.Kind.WEIGHTS, models.tuned(artifacts.newFile(), model, site));
      artifacts.delete(tune.model().digest());
      return trained(tuned);
    }
    for (ArtifactRef given : work.given()) {
      source.pull(given, Packing.NONE);
      artifacts.delete(given.digest());
    }
    return new TaskOutcome(List.of(), 0, Optional.empty(), Optional.empty(), 0);
  }

  private static TaskOutcome trained(ArtifactRef... made) {
    return new TaskOutcome(
        List.of(made), EXAMPLES, Optional.<Figures>empty(), Optional.<Figures>empty(), 0);
  }

  private ArtifactRef push(ArtifactRef.Kind kind, Path file)
      throws IOException, InterruptedException {
    Digest digest = artifacts.add(file);
    ArtifactRef made = new ArtifactRef(digest, artifacts.size(digest), kind);
    source.push(made, Packing.NONE);
    artifacts.delete(digest);
    return made;
  }

  @Override
  public void close() {
    session.close();
    connection.close();
  }
}
