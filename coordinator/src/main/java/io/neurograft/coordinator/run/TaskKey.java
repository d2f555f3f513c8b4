package io.neurograft.coordinator.run;

/**
 * Names a task within its run.
 *
 * @param site the site that has it to do
 * @param method the fusion method whose model it is about, or empty for members and adoption
 * @param round the fine-tuning round it belongs to or whose models it evaluates; 0 before the
 *     first; for moments, the number of the exchange
 */
public record TaskKey(String site, TaskKind kind, String method, int round) {
  /**
   * The task's identity: the same whenever it is planned again.
   *
   * @param runId the run
   * @param token the run's token, which sets its tasks apart from those of a run of the same name
   *     in another coordinator's database: sites remember what they did by task
   */
  public String id(String runId, String token) {
    String what =
        switch (kind) {
          case TRAIN -> "train";
          case FINE_TUNE -> "tune-" + round + "." + method;
          case MOMENTS -> "moments-" + round + "." + method;
          case EVALUATE -> "evaluate-" + round + "." + method;
          case ADOPT -> "adopt";
        };
    return runId + "." + what + "." + site + "." + token;
  }

  /** The model that the task starts from: the one of the round before where it fine-tunes. */
  public ModelKey model() {
    return new ModelKey(method, kind == TaskKind.FINE_TUNE ? round - 1 : round);
  }
}
