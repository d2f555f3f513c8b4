package io.neurograft.fusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neurograft.fusion.baseline.Alignment;
import io.neurograft.fusion.interpolate.ClassWeighting;
import io.neurograft.fusion.interpolate.Fit;
import io.neurograft.fusion.interpolate.Grouping;
import io.neurograft.fusion.interpolate.Head;
import io.neurograft.fusion.interpolate.Ridge;
import io.neurograft.fusion.transplant.Duplicates;
import io.neurograft.fusion.transplant.Order;
import io.neurograft.fusion.transplant.Ranking;
import io.neurograft.fusion.transplant.Variant;
import io.neurograft.neural.config.Config;
import io.neurograft.neural.config.InvalidInputException;
import java.util.List;
import org.junit.jupiter.api.Test;

class FusionMethodTest {
  private static final FusionMethod TUNED =
      new FusionMethod.Transplant(
          Ranking.MAGNITUDE, Variant.MERGE_TUNE_PRUNE, Order.RECURSIVE, Duplicates.KEEP, 3);

  private static List<FusionMethod> methods(String yaml) {
    return Config.parse(
        "methods: " + yaml,
        "run.yaml",
        node -> node.items("methods").stream().map(FusionMethod::from).toList());
  }

  @Test
  void from_words_haveDefaults() {
    assertThat(methods("[average, transplant, interpolate, ot, rebasin, distill]"))
        .containsExactly(
            new FusionMethod.Average(),
            new FusionMethod.Transplant(),
            new FusionMethod.Interpolate(Grouping.SELECT, Head.LABELS, Ridge.AUTO, 2),
            new FusionMethod.Ot(Alignment.ACTIVATION),
            new FusionMethod.Rebasin(),
            new FusionMethod.Distill(20, 2));
  }

  @Test
  void from_mappings_takesEveryParameter() {
    assertThat(
            methods(
                "[{transplant: {ranking: product}},"
                    + " {transplant: {variant: merge-tune-prune, order: recursive,"
                    + " duplicates: keep, tuning-epochs: 3}},"
                    + " {interpolate: {grouping: kmeans, head: mean, ridge: 0.001, refinements: 0,"
                    + " fit: gradient}},"
                    + " {ot: {alignment: weight}}, {distill: {epochs: 3, temperature: 4}}]"))
        .containsExactly(
            new FusionMethod.Transplant(Ranking.PRODUCT),
            TUNED,
            new FusionMethod.Interpolate(
                Grouping.KMEANS, Head.MEAN, Ridge.of(0.001), 0, Fit.GRADIENT),
            new FusionMethod.Ot(Alignment.WEIGHT),
            new FusionMethod.Distill(3, 4));
  }

  @Test
  void from_faults_areAllReported() {
    assertThatThrownBy(
            () ->
                methods(
                    "[mean, {interpolate: {grouping: best, ridge: 7, heads: mean}},"
                        + " {average: {x: 1}}, {a: 1, b: 2}]"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("methods[0]: expected one of average, transplant, interpolate")
        .hasMessageContaining("methods[1].interpolate.grouping: expected one of select, kmeans")
        .hasMessageContaining("methods[1].interpolate.ridge: expected a number from 0 to 1")
        .hasMessageContaining("methods[1].interpolate.heads: unknown key")
        .hasMessageContaining("methods[2].average.x: unknown key")
        .hasMessageContaining("methods[3]: expected one method");
  }

  @Test
  void from_classWeights_belongToALabelsHead() {
    FusionMethod balanced =
        new FusionMethod.Interpolate(
            Grouping.SELECT,
            Head.LABELS,
            Ridge.AUTO,
            2,
            Fit.LEAST_SQUARES,
            ClassWeighting.BALANCED);
    assertThat(methods("[{interpolate: {class-weights: balanced}}]")).containsExactly(balanced);
    assertThat(balanced.label()).isEqualTo("interpolate-balanced");
    assertThat(new FusionMethod.Interpolate().parameters()).doesNotContainKey("class-weights");
    for (String other : List.of("head: mean", "fit: gradient")) {
      assertThatThrownBy(() -> methods("[{interpolate: {class-weights: balanced, " + other + "}}]"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("methods[0].interpolate.class-weights: weights belong to a head");
    }
  }

  @Test
  void from_tuningEpochsWithoutTuning_isAFault() {
    assertThatThrownBy(() -> methods("[{transplant: {variant: prune-merge, tuning-epochs: 2}}]"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("methods[0].transplant.tuning-epochs: is a parameter of the variant");
  }

  @Test
  void parameters_transplant_areThoseOfASpecification() {
    assertThat(methods("[{transplant: " + yaml(TUNED) + "}]")).containsExactly(TUNED);
    assertThat(TUNED.label())
        .isEqualTo("transplant-keep-recursive-tuning-epochs3-merge-tune-prune");
    assertThat(TUNED.needsExamples()).isTrue();
    assertThat(new FusionMethod.Transplant().needsData()).isFalse();
  }

  @Test
  void parameters_interpolate_areThoseOfASpecification() {
    FusionMethod method =
        new FusionMethod.Interpolate(Grouping.KMEANS, Head.MEAN, Ridge.of(0.5), 2, Fit.GRADIENT);
    assertThat(methods("[{" + method.word() + ": " + yaml(method) + "}]")).containsExactly(method);
  }

  @Test
  void needsMoments_isWhereActivationsAreCompared() {
    assertThat(new FusionMethod.Ot().needsMoments()).isTrue();
    assertThat(new FusionMethod.Ot(Alignment.WEIGHT).needsMoments()).isFalse();
    assertThat(new FusionMethod.Ot(Alignment.WEIGHT).label()).isEqualTo("ot-weight");
  }

  @Test
  void needsExamples_isWhereTheMethodTrains() {
    FusionMethod distill = new FusionMethod.Distill();
    assertThat(distill.needsExamples() && distill.needsData()).isTrue();
    assertThat(distill.needsMoments() || distill.needsEqualWidths()).isFalse();
    assertThat(new FusionMethod.Interpolate().needsExamples()).isFalse();
    FusionMethod trained =
        new FusionMethod.Interpolate(Grouping.SELECT, Head.LABELS, Ridge.AUTO, 2, Fit.GRADIENT);
    assertThat(trained.needsExamples() && trained.needsMoments()).isTrue();
    assertThat(trained.label()).isEqualTo("interpolate-gradient");
  }

  @Test
  void label_parametersThatDiffer_areNamedWhereTheyAreNumbers() {
    assertThat(new FusionMethod.Distill().label()).isEqualTo("distill");
    assertThat(new FusionMethod.Distill(3, 4).label()).isEqualTo("distill-epochs3-temperature4.0");
    assertThat(new FusionMethod.Interpolate(Grouping.KMEANS, Head.MEAN, Ridge.of(0.5), 2).label())
        .isEqualTo("interpolate-kmeans-mean-ridge0.5");
  }

  private static String yaml(FusionMethod method) {
    return method.parameters().toString().replace("=", ": ");
  }
}
