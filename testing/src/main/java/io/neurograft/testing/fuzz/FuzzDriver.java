package io.neurograft.testing.fuzz;

import java.lang.reflect.Constructor;
import org.jspecify.annotations.Nullable;

/** Where the fuzzer (Jazzer) enters: hands its inputs on to a {@link FuzzTest}. */
public final class FuzzDriver {
  private static @Nullable Trial trial;

  private FuzzDriver() {}

  /**
   * Prepares a test.
   *
   * @param arguments the name of its class
   */
  public static void fuzzerInitialize(String[] arguments) throws ReflectiveOperationException {
    Constructor<?> constructor = Class.forName(arguments[0]).getDeclaredConstructor();
    constructor.setAccessible(true);
    Trial prepared = new Trial((FuzzTest) constructor.newInstance());
    // Classes are instrumented when they are loaded, which is not to count as an input's time.
    Corpus.of(constructor.getDeclaringClass()).values().forEach(prepared::run);
    trial = prepared;
  }

  /** Has the test read an input. */
  public static void fuzzerTestOneInput(byte[] input) {
    Trial prepared = trial;
    if (prepared == null) {
      throw new IllegalStateException("expected the name of a test");
    }
    prepared.run(input);
  }
}
