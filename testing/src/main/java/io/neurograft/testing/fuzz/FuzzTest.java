package io.neurograft.testing.fuzz;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A test of a reader of bytes that anybody may have made. Whatever the bytes are, reading them ends
 * well or in one of the exceptions that the reader documents, within bounds of time and memory.
 *
 * <p>The build has it read its corpus, {@code src/test/resources/PACKAGE/CLASS/*}, and two thousand
 * mutations of that, the same ones each time. {@code .ci/fuzz} has a fuzzer that is guided by
 * coverage look for more; what that finds becomes a file of the corpus.
 */
public abstract class FuzzTest {
  private static final int INPUTS = Integer.getInteger("fuzz.inputs", 2000);
  private static final long SEED = Long.getLong("fuzz.seed", 1);
  private static final int MOST_SHOWN = 400;

  /**
   * Reads an input.
   *
   * @throws Exception one of {@link #refusals}, where the input is refused
   */
  protected abstract void read(byte[] input) throws Exception;

  /** What is thrown for a wrong input, as the reader documents it; of unchecked ones just these. */
  protected abstract Set<Class<? extends Exception>> refusals();

  /** What reading may take. */
  protected abstract Bounds bounds();

  /** How many mutations the build reads; fewer where reading takes long. */
  protected int inputs() {
    return INPUTS;
  }

  /** The contract, for the corpus and for mutations of it. */
  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  public void read_corpusAndMutations_areTakenOrRefusedWithinBounds() {
    Trial trial = new Trial(this);
    Map<String, byte[]> corpus = Corpus.of(getClass());
    corpus.forEach((name, seed) -> run(trial, name, seed));
    List<byte[]> seeds = new ArrayList<>(corpus.values());
    Mutator mutator = new Mutator(seeds, SEED);
    for (int i = 0; i < inputs(); i++) {
      run(trial, "mutation " + i, mutator.next());
    }
  }

  /**
   * The contract, for an input that is too large for the corpus.
   *
   * @throws AssertionError if it is broken
   */
  protected final void requireContract(byte[] input) {
    run(new Trial(this), "an input", input);
  }

  private static void run(Trial trial, String name, byte[] input) {
    try {
      trial.run(input);
    } catch (AssertionError | StackOverflowError | OutOfMemoryError e) {
      String hex = HexFormat.of().formatHex(input, 0, Math.min(input.length, MOST_SHOWN));
      throw new AssertionError(
          "%s, %d bytes, in hexadecimal %s: %s".formatted(name, input.length, hex, e), e);
    }
  }
}
