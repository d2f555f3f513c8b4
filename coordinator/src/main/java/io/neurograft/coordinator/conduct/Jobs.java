package io.neurograft.coordinator.conduct;

import io.neurograft.coordinator.run.Action;
import io.neurograft.coordinator.run.RunSpec;
import io.neurograft.coordinator.run.TaskKey;
import io.neurograft.coordinator.store.Lease;
import java.util.List;

/** The coordinator's own work on models: fusing, averaging, evaluating. */
public interface Jobs {
  /** Hears how a job goes. Called from the thread that does it. */
  interface Listener {
    /** Tells what is going on, in a few words. */
    void progress(String message);

    /** Gives tasks to sites; those that are there already stay as they are. */
    void ask(List<TaskKey> tasks);

    /** All that the job had to make is stored. */
    void done();

    /** The job cannot be done; the message is for the operator. */
    void failed(String message);
  }

  /**
   * Checks what can be known beforehand, such as whether the coordinator's data fits the network.
   *
   * @throws io.neurograft.neural.config.InvalidInputException naming what does not fit
   */
  void check(RunSpec spec);

  /**
   * Starts fusing or averaging for a run; does nothing while a job of the run is going on.
   *
   * @param lead what the job acts on: when the run gets another leader, it ends
   */
  void start(Lease lead, RunSpec spec, Action job, Listener listener);
}
