package io.neurograft.simulator.report;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonNode;
import io.neurograft.fusion.FusionReport;
import io.neurograft.fusion.origin.GroupOrigin;
import io.neurograft.simulator.baseline.BaselineResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a run that the report draws, as they stand in {@code result.json}.
 *
 * @param name the experiment
 * @param seed the seed of everything that is drawn
 * @param network the specification of the members and the fused network
 * @param experiment what was dealt out, and how
 * @param sites the sites and their members
 * @param ensemble the mean of the members' softmaxes; absent where there is no common test split
 * @param methods the fused models
 * @param published the model that the sites received in the end
 * @param baselines trainings on the sites' examples that the models are compared with
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RunResult(
    String name,
    long seed,
    String network,
    ExperimentFacts experiment,
    List<SiteResult> sites,
    @Nullable Figures ensemble,
    List<MethodResult> methods,
    @Nullable Published published,
    List<BaselineResult> baselines) {
  public RunResult {
    // A run that knows of none says nothing.
    baselines = baselines == null ? List.of() : List.copyOf(baselines);
  }

  /** The data set of a simulation, how it was dealt out, and the share that sites hold back. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record ExperimentFacts(String data, JsonNode partition, double holdBack) {}

  /** How well a model did. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Figures(double accuracy, double loss) {}

  /**
   * A site, the classes of its examples, and its member's figures: on a common test split, or on
   * what it holds back.
   *
   * @param transfer what it sent; absent where it sent nothing, or in a run of earlier software
   * @param hostile what a hostile site of a simulation does; absent where it is honest
   * @param leftOut why what it sent is not, or no further, part of the run's models; absent where
   *     it is
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record SiteResult(
      String site,
      List<Long> classCounts,
      @Nullable Figures heldBack,
      @Nullable Figures test,
      @Nullable SentWeights transfer,
      @Nullable String hostile,
      @Nullable String leftOut) {
    /** The member's figures on the common test split, else on what the site holds back. */
    public Figures figures() {
      if (test != null) {
        return test;
      }
      return heldBack != null ? heldBack : new Figures(0, 0);
    }
  }

  /**
   * What a site sent for the weights that it made.
   *
   * @param encoding the numbers that it sent them in, such as float16; none for single precision
   * @param models how many models
   * @param bytes of all of them together
   * @param originalBytes of the same in single precision
   * @param error by the encoding, of the model with the largest: root mean square of the
   *     differences, divided by that of the weights
   * @param largestError the largest such figure of a single tensor
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record SentWeights(
      String encoding,
      int models,
      long bytes,
      long originalBytes,
      double error,
      double largestError) {}

  /** A fused model before fine-tuning, and after each round of it, and how it was made. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record MethodResult(
      String method,
      Figures before,
      List<CurvePoint> curve,
      @Nullable Double seconds,
      @Nullable Report report) {
    /** The accuracy after the last round; before the first where there is none. */
    public double lastAccuracy() {
      return curve.isEmpty() ? before.accuracy() : curve.get(curve.size() - 1).accuracy();
    }

    /** Where the units of each group come from; empty where that is not known. */
    public List<GroupOrigin> origins() {
      return report == null ? List.of() : report.origins();
    }

    /** The sites of the members, in the order in which origins count them. */
    public List<String> memberNames() {
      return report == null
          ? List.of()
          : report.members().stream().map(FusionReport.MemberEntry::name).toList();
    }
  }

  /**
   * What the fusion itself says.
   *
   * @param members the members in their order
   * @param origins for each unit group which members' units its units were made of
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Report(List<FusionReport.MemberEntry> members, List<GroupOrigin> origins) {
    public Report {
      members = List.copyOf(members);
      // A run of earlier software says nothing of them.
      origins = origins == null ? List.of() : List.copyOf(origins);
    }
  }

  /** The average of the fine-tuned models after a round. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record CurvePoint(int round, double accuracy, double loss) {}

  /** The model that the sites received: of a method, as fused (round 0) or after a round. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Published(String method, int round, String digest) {
    /** Which model it is, in words. */
    public String model() {
      return method + (round == 0 ? ", as fused" : ", after round " + round);
    }
  }
}
