package io.neurograft.neural.exchange;

import io.neurograft.neural.masking.FixedPoint;
import io.neurograft.neural.moments.NumberSource;
import io.neurograft.neural.safetensors.TensorStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The sum of masked answers, modulo 2^64: one sum, however many answers; readable once all are in.
 */
public final class MaskedSum {
  private static final int BLOCK = 1 << 20;

  private final List<long[]> blocks = new ArrayList<>();

  /**
   * No answers yet.
   *
   * @param numbers how many numbers an answer has
   */
  public MaskedSum(long numbers) {
    for (long from = 0; from < numbers; from += BLOCK) {
      blocks.add(new long[(int) Math.min(BLOCK, numbers - from)]);
    }
  }

  /** Adds an answer. */
  public void add(TensorStream answer) {
    long[] added = new long[BLOCK];
    for (long[] block : blocks) {
      answer.get(added, 0, block.length);
      for (int i = 0; i < block.length; i++) {
        block[i] += added[i];
      }
    }
  }

  /**
   * The sum, from the first number on; of no meaning unless all answers of the roster are in it.
   */
  public NumberSource numbers(FixedPoint fixed) {
    long[] next = new long[1];
    return (values, from, count) -> {
      for (int i = 0; i < count; i++) {
        long at = next[0]++;
        values[from + i] = fixed.decode(blocks.get((int) (at / BLOCK))[(int) (at % BLOCK)]);
      }
    };
  }
}
