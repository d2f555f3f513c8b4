package io.neurograft.client.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.neurograft.client.guard.Admission.Noise;
import io.neurograft.client.guard.Guards.Privacy;
import io.neurograft.proto.audit.AuditLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatekeeperTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-03-01T10:00:00.123456Z"), ZoneOffset.UTC);
  private static final int PLANNED = 4;
  private static final List<String> PAIR = List.of("a", "b");
  private static final Asked QUESTION = asked("run-1", 1, "question-1");

  private static final Asked BARE =
      asked("run-1", Kind.STEP, 1, "question-1", 100, 5000, List.of());

  @TempDir Path folder;

  /** A question that the defaults allow. */
  static Asked asked(String run, int step, String question) {
    return asked(run, Kind.STEP, step, question, 100, 5000, PAIR);
  }

  private static Asked asked(
      String run,
      Kind kind,
      int step,
      String question,
      long examples,
      long bytes,
      List<String> maskedOver) {
    return new Asked(
        run,
        "average",
        7,
        kind,
        step,
        question,
        "data",
        examples,
        bytes,
        maskedOver,
        PLANNED,
        false);
  }

  private static Asked over(List<String> sites) {
    return asked("run-1", Kind.STEP, 1, "question-1", 100, 5000, sites);
  }

  @Test
  void admit_whatTheDefaultsAllow_isExactAndAudited() throws IOException {
    Gatekeeper gate = gate(Guards.DEFAULTS);

    assertThat(gate.admit(QUESTION).noise()).isEmpty();
    gate.released(QUESTION, "answer-1");

    assertThat(Files.readString(log()))
        .isEqualTo(
            """
            {"number":1,"time":"2026-03-01T10:00:00.123Z","who":"site a",\
            "what":"question.answered","about":{"run":"run-1","method":"average","exchange":7,\
            "kind":"step","step":1,"examples":100,"bytes":5000,"masked":true,"sites":["a","b"],\
            "data":"data","question":"question-1","answer":"answer-1"},"previous":"%s"}
            """
                .formatted("0".repeat(64)));
  }

  @Test
  void admit_kindThatIsNotAnswered_isRefused() throws IOException {
    Gatekeeper gate = gate(answering(Kind.STEP, Kind.GRAMS));

    assertRefused(
        gate,
        asked("run-1", Kind.HEAD, -1, "q", 100, 5000, List.of()),
        "this site does not answer head (exchange 7 of run run-1, method average): "
            + "guards.answers is [grams, step]");
    assertRefused(gate(answering()), QUESTION, "guards.answers is []");
  }

  @Test
  void admit_key_isAlwaysFineAndAudited() throws IOException {
    Guards closed = new Guards(Set.of(), 1000, 1, 1, true, 9, Optional.of(privacy(1)));
    Asked key = asked("run-1", Kind.KEY, -1, "q", 0, 32, List.of());
    Gatekeeper gate = gate(closed);

    assertThat(gate.admit(key).noise()).isEmpty();
    gate.released(key, "key-1");

    assertThat(audit().get(0).get("kind").asText()).isEqualTo("key");
    assertThat(audit().get(0).get("answer").asText()).isEqualTo("key-1");
    assertThat(Ledger.open(folder).find(key)).isEmpty();
  }

  @Test
  void admit_tooFewExamples_isRefused() throws IOException {
    Gatekeeper gate = gate(Guards.DEFAULTS);

    assertRefused(
        gate,
        asked("run-1", Kind.GRAMS, -1, "q", 63, 5000, List.of()),
        "it is over 63 examples, guards.minimum-rows is 64");
    gate.admit(asked("run-1", Kind.GRAMS, -1, "q", 64, 5000, List.of()));
  }

  @Test
  void admit_tooLargeAnAnswer_isRefused() throws IOException {
    Gatekeeper gate = gate(Guards.DEFAULTS);
    long gib = 1L << 30;

    assertRefused(
        gate,
        asked("run-1", Kind.GRAMS, -1, "q", 100, gib + 1, List.of()),
        "its answer has 1073741825 bytes, guards.largest-answer-mib is 1024 (1073741824 bytes)");
    gate.admit(asked("run-1", Kind.GRAMS, -1, "q", 100, gib, List.of()));
  }

  @Test
  void admit_notMasked_isRefusedWhereOnlyMaskedSumsLeave() throws IOException {
    Guards guards =
        new Guards(Guards.DEFAULTS.answers(), 64, 1 << 20, 3, true, 3, Optional.empty());
    Gatekeeper gate = gate(guards);

    assertRefused(gate, over(List.of()), "its sum is not masked, guards.masked-only is true");
    assertRefused(gate, over(PAIR), "its masked sum is over 2 sites, guards.minimum-sites is 3");
    gate.admit(over(List.of("a", "b", "c")));
  }

  @Test
  void admit_oneSiteNamedTwice_isOneSite() throws IOException {
    assertRefused(
        gate(Guards.DEFAULTS),
        over(List.of("a", "a")),
        "its masked sum is over 1 site, guards.minimum-sites is 2");
  }

  /** Gram matrices with labels beside the units tell what the head's moments tell. */
  @Test
  void admit_gramsThatSeeLabels_areRefusedWhereTheHeadIs() throws IOException {
    Asked seeing =
        new Asked(
            "run-1", "average", 7, Kind.GRAMS, -1, "q", "data", 100, 5000, PAIR, PLANNED, true);
    assertRefused(
        gate(answering(Kind.GRAMS)), seeing, "it sees labels, guards.answers has no head");
    assertThat(gate(answering(Kind.GRAMS, Kind.HEAD)).admit(seeing).noise()).isEmpty();
  }

  @Test
  void admit_severalObjections_tellsThemAll() throws IOException {
    assertRefused(
        gate(answering(Kind.HEAD)),
        asked("run-1", Kind.STEP, 1, "q", 5, 5000, List.of("a")),
        "guards.answers is [head]; it is over 5 examples, guards.minimum-rows is 64; "
            + "its masked sum is over 1 site, guards.minimum-sites is 2");
  }

  @Test
  void admit_sameStepAskedInOtherWays_isRefusedAfterTheRepeatsAlsoAfterARestart()
      throws IOException {
    Gatekeeper gate = gate(Guards.DEFAULTS);
    for (int i = 1; i <= 6; i++) {
      gate.admit(asked("run-1", 1, "question-" + i));
      gate.admit(asked("run-1", 1, "question-" + i));
    }
    for (int i = 0; i < 2; i++) {
      assertRefused(
          gate,
          asked("run-1", 1, "question-7"),
          "this was asked 6 times before in other ways, guards.repeats is 6");
      gate.admit(asked("run-1", 1, "question-2"));
      gate.admit(asked("run-1", 2, "question-7"));
      gate.admit(asked("run-2", 1, "question-7"));
      gate = gate(Guards.DEFAULTS);
    }
  }

  @Test
  void admit_plannedAnswers_spendTheRunsEpsilonAndNoMore() throws IOException {
    Gatekeeper gate = gate(withPrivacy(privacy(1)));
    double share = GaussianMechanism.mu(1, 1e-5) / Math.sqrt(PLANNED);
    List<String> seeds = new ArrayList<>();
    for (int step = 1; step <= PLANNED; step++) {
      Asked question = asked("run-1", step, "question-" + step);
      Noise noise = gate.admit(question).noise().orElseThrow();
      gate.released(question, "answer-" + step);
      assertThat(noise.mu()).isCloseTo(share, within(1e-9));
      assertThat(noise.clip()).isEqualTo(10);
      assertThat(noise.seed()).matches("[0-9a-f]{64}");
      assertThat(noise.toString()).doesNotContain(noise.seed());
      seeds.add(noise.seed());
      assertThat(audit().get(step - 1).get("epsilon").asDouble())
          .isCloseTo(GaussianMechanism.epsilon(share * Math.sqrt(step), 1e-5), within(1e-7));
    }
    assertThat(seeds).doesNotHaveDuplicates();
    assertThat(audit().get(PLANNED - 1).get("epsilon").asDouble())
        .isLessThanOrEqualTo(1)
        .isCloseTo(1, within(1e-7));
    gate = gate(withPrivacy(privacy(1)));
    assertRefused(
        gate,
        asked("run-1", 5, "question-5"),
        "it would bring the epsilon of this run from 1.000 to 1.130, "
            + "guards.privacy.epsilon is 1.0");
    gate.admit(asked("run-2", 1, "question-1"));
  }

  @Test
  void admit_planThatChanges_stillKeepsTheRunsEpsilon() throws IOException {
    Gatekeeper gate = gate(withPrivacy(privacy(1)));
    gate.admit(QUESTION);
    Asked all =
        new Asked("run-1", "average", 8, Kind.STEP, 2, "q", "data", 100, 10, List.of(), 1, false);

    assertRefused(gate, all, "guards.privacy.epsilon is 1.0");
  }

  @Test
  void admit_sameQuestionAgain_getsTheSameNoiseForNothing() throws IOException {
    Noise noise = gate(withPrivacy(privacy(1))).admit(QUESTION).noise().orElseThrow();
    double spent = Ledger.open(folder).mu("data", "run-1");

    // The operator's settings may have changed; what is known by now has not.
    Guards changed = withPrivacy(new Privacy(0.01, 1e-5, 3, OptionalDouble.empty()));
    for (int i = 0; i < 10; i++) {
      assertThat(gate(changed).admit(QUESTION).noise()).contains(noise);
      assertThat(gate(Guards.DEFAULTS).admit(QUESTION).noise()).contains(noise);
    }

    assertThat(Ledger.open(folder).mu("data", "run-1")).isEqualTo(spent);
  }

  @Test
  void admit_lifetimeEpsilon_boundsAllRunsAboutTheSameData() throws IOException {
    Gatekeeper gate = gate(withPrivacy(new Privacy(1, 1e-5, 10, OptionalDouble.of(1.5))));
    int runs = 0;
    while (runs < 100 && admitWholeRun(gate, "run-" + runs)) {
      runs++;
    }

    double one = GaussianMechanism.mu(1, 1e-5);
    double all = GaussianMechanism.mu(1.5, 1e-5);
    assertThat(runs).isEqualTo((int) (all * all / (one * one)));
    assertThat(Ledger.open(folder).epsilon("data", 1e-5)).isLessThanOrEqualTo(1.5);
    assertThat(audit().get(audit().size() - 1).get("refused").asText())
        .contains("of this data from")
        .contains("guards.privacy.lifetime-epsilon is 1.5");
  }

  private static boolean admitWholeRun(Gatekeeper gate, String run) throws IOException {
    try {
      for (int step = 1; step <= PLANNED; step++) {
        gate.admit(asked(run, step, "question-" + step));
      }
      return true;
    } catch (RefusedException e) {
      return false;
    }
  }

  @Test
  void admit_privacyAfterExactAnswers_isRefusedInThatRunAlone() throws IOException {
    gate(Guards.DEFAULTS).admit(QUESTION);
    Gatekeeper gate = gate(withPrivacy(privacy(1)));
    String why = "this run was answered without noise before, which no guards.privacy.epsilon";

    assertRefused(gate, QUESTION, why);
    assertRefused(gate, asked("run-1", 2, "question-2"), why);
    gate.admit(asked("run-2", 1, "question-1"));
    assertRefused(
        gate(withPrivacy(new Privacy(1, 1e-5, 10, OptionalDouble.of(9)))),
        asked("run-2", 2, "question-2"),
        "this data was answered without noise before, which no guards.privacy.lifetime-epsilon");
  }

  @Test
  void released_anotherAnswerWithNoise_isRefusedAlsoAfterARestart() throws IOException {
    Guards guards = withPrivacy(privacy(1));
    Gatekeeper gate = gate(guards);
    gate.admit(BARE);
    gate.released(BARE, "answer-1");
    gate.released(BARE, "answer-1");

    for (int i = 0; i < 2; i++) {
      Gatekeeper restarted = gate(guards);
      restarted.admit(BARE);
      assertThatThrownBy(() -> restarted.released(BARE, "answer-2"))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining(
              "its answer answer-2 is not the answer answer-1 that left before under the same noise");
    }
    assertThat(audit()).hasSize(4);
  }

  @Test
  void released_anotherAnswerUnderOneMask_isRefusedWhateverItIsAbout() throws IOException {
    Gatekeeper gate = gate(Guards.DEFAULTS);
    Asked changedData =
        new Asked(
            "run-2",
            "average",
            7,
            Kind.STEP,
            1,
            "question-1",
            "fewer",
            99,
            5000,
            PAIR,
            PLANNED,
            false);
    gate.admit(QUESTION);
    gate.released(QUESTION, "answer-1");
    gate.released(QUESTION, "answer-1");

    for (Asked again : List.of(QUESTION, changedData)) {
      gate.admit(again);
      assertThatThrownBy(() -> gate.released(again, "answer-2"))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("is not the answer answer-1 that left before under the same mask");
    }
    assertThat(audit()).hasSize(4);
  }

  @Test
  void released_anotherExactAnswer_isAudited() throws IOException {
    Gatekeeper gate = gate(Guards.DEFAULTS);
    gate.admit(BARE);
    gate.released(BARE, "answer-1");
    gate.released(BARE, "answer-2");

    assertThat(audit())
        .extracting(line -> line.get("answer").asText())
        .containsExactly("answer-1", "answer-2");
  }

  @Test
  void released_notAdmitted_isAProgrammersFault() throws IOException {
    Gatekeeper gate = gate(Guards.DEFAULTS);

    assertThatThrownBy(() -> gate.released(QUESTION, "answer-1"))
        .isInstanceOf(IllegalStateException.class);
    assertThat(audit()).isEmpty();
  }

  @Test
  void admit_ledgerCannotBeWritten_admitsNothing() throws IOException {
    Gatekeeper gate = gate(withPrivacy(privacy(1)));
    Path ledger = folder.resolve("ledger.jsonl");
    Files.delete(ledger);

    assertThatThrownBy(() -> gate.admit(QUESTION)).isInstanceOf(IOException.class);

    Files.createFile(ledger);
    assertThat(gate.admit(QUESTION).noise()).isPresent();
    assertThat(Files.readAllLines(ledger)).hasSize(1);
  }

  @Test
  void released_auditCannotBeWritten_failsUntilItCan() throws IOException {
    Gatekeeper gate = gate(Guards.DEFAULTS);
    gate.admit(QUESTION);
    Path away = folder.resolve("away");
    Files.move(folder.resolve("audit"), away);
    Files.createFile(folder.resolve("audit"));

    assertThatThrownBy(() -> gate.released(QUESTION, "answer-1")).isInstanceOf(IOException.class);

    Files.delete(folder.resolve("audit"));
    Files.move(away, folder.resolve("audit"));
    gate.released(QUESTION, "answer-1");
    assertThat(audit()).hasSize(1);
  }

  @Test
  void open_auditMovedAwayInBetween_beginsAnewAndForgetsNothing() throws IOException {
    Guards guards = withPrivacy(privacy(1));
    Gatekeeper gate = gate(guards);
    Admission first = gate.admit(QUESTION);
    gate.released(QUESTION, "answer-1");
    Files.move(folder.resolve("audit"), folder.resolve("audit-of-march"));

    Gatekeeper restarted = gate(guards);

    assertThat(audit()).isEmpty();
    assertThat(restarted.admit(QUESTION)).isEqualTo(first);
  }

  private void assertRefused(Gatekeeper gate, Asked asked, String why) throws IOException {
    int before = audit().size();
    assertThatThrownBy(() -> gate.admit(asked))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining(why);
    assertThat(audit()).hasSize(before + 1);
    JsonNode line = audit().get(before);
    assertThat(line.has("answer")).isFalse();
    assertThat("this site does not answer " + asked + ": " + line.get("refused").asText())
        .contains(why);
  }

  private List<JsonNode> audit() throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    if (Files.exists(log())) {
      for (String line : Files.readAllLines(log())) {
        lines.add(new ObjectMapper().readTree(line).get("about"));
      }
    }
    return lines;
  }

  private Path log() {
    return folder.resolve("audit/audit-000001.jsonl");
  }

  private Gatekeeper gate(Guards guards) throws IOException {
    AuditLog log = AuditLog.open(folder.resolve("audit"), 1 << 20, CLOCK, () -> {});
    return Gatekeeper.open("a", guards, folder, log, new SecureRandom());
  }

  private static Guards answering(Kind... kinds) {
    Set<Kind> answers = EnumSet.noneOf(Kind.class);
    answers.addAll(List.of(kinds));
    return new Guards(answers, 64, 1 << 30, 3, false, 2, Optional.empty());
  }

  private static Guards withPrivacy(Privacy privacy) {
    return new Guards(Guards.DEFAULTS.answers(), 64, 1 << 30, 3, false, 2, Optional.of(privacy));
  }

  private static Privacy privacy(double epsilon) {
    return new Privacy(epsilon, 1e-5, 10, OptionalDouble.empty());
  }
}
