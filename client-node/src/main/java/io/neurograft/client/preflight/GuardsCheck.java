package io.neurograft.client.preflight;

import io.neurograft.client.guard.Guards;
import io.neurograft.client.guard.Kind;
import java.util.Locale;
import java.util.stream.Collectors;

/** Tells what a site answers, as its configuration was understood. */
final class GuardsCheck {
  private GuardsCheck() {}

  static Finding of(Guards guards) {
    String answers =
        guards.answers().stream().sorted().map(Kind::word).collect(Collectors.joining(", "));
    return Finding.passed(
        "answers %s; over %d examples or more, %d times; sums %s; %s"
            .formatted(
                answers.isEmpty() ? "nothing" : answers,
                guards.minimumRows(),
                guards.repeats(),
                guards.maskedOnly()
                    ? "masked only, of " + guards.minimumSites() + " sites or more"
                    : "masked or not",
                guards.privacy().map(GuardsCheck::words).orElse("exact, without noise")));
  }

  private static String words(Guards.Privacy privacy) {
    return String.format(
        Locale.ROOT,
        "noise for epsilon %s, delta %s of a run%s",
        privacy.epsilon(),
        privacy.delta(),
        privacy.lifetimeEpsilon().isPresent()
            ? ", epsilon " + privacy.lifetimeEpsilon().getAsDouble() + " of all"
            : "");
  }
}
