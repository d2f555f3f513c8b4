package io.neurograft.testing.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Makes inputs out of seeds: one to eight changes each. The same seed gives the same inputs. */
final class Mutator {
  private static final int MOST_CHANGES = 8;
  private static final int MOST_REPEATS = 200;
  private static final int LARGEST = 1 << 16;

  /** Numbers at the edges of what a length, an offset or a count can be. */
  private static final long[] EDGES = {
    0,
    1,
    -1,
    0x7f,
    0x80,
    0xff,
    0x7fff,
    0xffff,
    1 << 20,
    (1 << 20) + 1,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    0xffffffffL,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  private final List<byte[]> seeds;
  private final SplittableRandom random;

  Mutator(List<byte[]> seeds, long seed) {
    this.seeds = seeds;
    this.random = new SplittableRandom(seed);
  }

  byte[] next() {
    byte[] input = any();
    for (int changes = 1 + random.nextInt(MOST_CHANGES); changes > 0; changes--) {
      input = changed(input);
    }
    return input.length > LARGEST ? Arrays.copyOf(input, LARGEST) : input;
  }

  private byte[] any() {
    return seeds.get(random.nextInt(seeds.size()));
  }

  private byte[] changed(byte[] input) {
    int at = random.nextInt(input.length + 1);
    int to = Math.min(input.length, at + 1 + random.nextInt(16));
    return switch (random.nextInt(8)) {
      case 0 -> replaced(input, at, at, bytes(1 + random.nextInt(8)));
      case 1 -> replaced(input, at, to, bytes(to - at));
      case 2 -> replaced(input, at, to, new byte[0]);
      case 3 -> number(input, at);
      case 4 -> flipped(input, at);
      case 5 -> replaced(input, at, to, repeated(Arrays.copyOfRange(input, at, to)));
      case 6 -> replaced(input, at, input.length, tail(any()));
      default -> replaced(input, at, to, part(any()));
    };
  }

  private static byte[] replaced(byte[] input, int from, int to, byte[] by) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(input, 0, from);
    out.writeBytes(by);
    out.write(input, to, input.length - to);
    return out.toByteArray();
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  private byte[] number(byte[] input, int at) {
    long edge = EDGES[random.nextInt(EDGES.length)];
    boolean littleEndian = random.nextBoolean();
    byte[] number = new byte[1 << random.nextInt(4)];
    for (int i = 0; i < number.length; i++) {
      number[i] = (byte) (edge >> (8 * (littleEndian ? i : number.length - 1 - i)));
    }
    return replaced(input, at, Math.min(input.length, at + number.length), number);
  }

  private byte[] flipped(byte[] input, int at) {
    byte[] flipped = input.clone();
    if (at < flipped.length) {
      flipped[at] ^= (byte) (1 << random.nextInt(8));
    }
    return flipped;
  }

  private byte[] repeated(byte[] part) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int times = 2 + random.nextInt(MOST_REPEATS); times > 0; times--) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private byte[] tail(byte[] other) {
    return Arrays.copyOfRange(other, random.nextInt(other.length + 1), other.length);
  }

  private byte[] part(byte[] other) {
    int from = random.nextInt(other.length + 1);
    return Arrays.copyOfRange(other, from, Math.min(other.length, from + random.nextInt(64)));
  }
}
