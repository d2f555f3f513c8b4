package io.neurograft.neural.data;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neurograft.neural.config.InvalidInputException;
import org.junit.jupiter.api.Test;

class DataUriTest {
  @Test
  void check_unknownScheme_listsTheKnownOnes() {
    assertFault("minst:/data", "unknown kind of data \"minst\", expected one of glyphs, mnist:DIR");
  }

  @Test
  void check_reportsEveryFaultAtOnce() {
    assertFault(
        "glyphs:here?train=0&test=many&sed=1&seed",
        "seed: expected option=value",
        "glyphs: is built in and takes no path, found here",
        "train: expected a whole number from 1 to 1000000, found 0",
        "test: expected a whole number from 1 to 1000000, found many",
        "sed: unknown option (known options: seed, test, train)");
  }

  @Test
  void check_missingPath_showsTheForm() {
    assertFault("mnist", "path: expected one, as in mnist:DIR");
    assertFault("csv", "path: expected one", "label: is missing, as in csv:FILE?label=COLUMN");
    assertFault("mnist:?a=1", "a: unknown option (known options: none)");
  }

  private static void assertFault(String uri, String... messages) {
    assertThatThrownBy(() -> DataUri.check(uri))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("data " + uri + ": ")
        .hasMessageContainingAll(messages);
  }
}
