package io.neurograft.client.task;

import ai.djl.ndarray.NDManager;
import io.neurograft.neural.Progress;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.tensor.Compute;
import io.neurograft.proto.artifact.Digest;
import io.neurograft.proto.artifact.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pulls the published model of a run and keeps it for the site's own use: {@code
 * models/<run>.safetensors}, and beside it {@code models/<run>.network.yaml}. The model's file is
 * put in place last, so that whoever sees it finds its network.
 */
final class AdoptJob {
  private static final Logger LOG = LoggerFactory.getLogger(AdoptJob.class);
  private static final Pattern RUN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  private AdoptJob() {}

  static TaskOutcome run(
      String run, NetworkSpec spec, Work.Adopt work, Workbench bench, Progress progress)
      throws IOException, InterruptedException {
    if (!RUN.matcher(run).matches()) {
      throw new InvalidInputException(
          "run " + run, "cannot name a file: expected 1 to 128 letters, digits, '.', '_' and '-'");
    }
    progress.report(0, "pulling the published model");
    Path pulled = bench.pull(work.model());
    Optional<Figures> figures = evaluate(spec, pulled, bench, progress.part(0.5, 0.9));
    Digest digest = work.model().digest();
    Path model =
        bench
            .storing()
            .store(
                "the published model",
                progress,
                () -> {
                  bench.artifacts().requireRoom("the published model", Files.size(pulled));
                  return keep(run, spec, pulled, digest, bench.models());
                });
    LOG.info("published model of run {} is in {}, SHA-256 {} verified", run, model, digest);
    return new TaskOutcome(List.of(), 0, figures, Optional.empty(), 0);
  }

  private static Optional<Figures> evaluate(
      NetworkSpec spec, Path model, Workbench bench, Progress progress) {
    try (NDManager scope = Compute.newManager();
        Weights weights = Weights.read(model, spec, scope)) {
      return bench.evaluate(new Network(spec, weights), progress);
    }
  }

  private static Path keep(String run, NetworkSpec spec, Path pulled, Digest digest, Path models)
      throws IOException {
    DurableFiles.write(models.resolve(run + ".network.yaml"), spec.toYaml());
    Path model = models.resolve(run + ".safetensors");
    Path temporary = DurableFiles.temporary(model);
    try {
      Files.copy(pulled, temporary, StandardCopyOption.REPLACE_EXISTING);
      DurableFiles.force(temporary);
      Digest found = Digest.of(temporary);
      if (!found.equals(digest)) {
        throw new IOException("the copy of model " + digest + " has the digest " + found);
      }
      DurableFiles.rename(temporary, model);
      return model;
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
