package io.neurograft.proto.identity;

import io.neurograft.testing.fuzz.Bounds;
import io.neurograft.testing.fuzz.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Tokens, as somebody pastes them. */
class TokenFuzzTest extends FuzzTest {
  @Override
  protected void read(byte[] input) {
    Token token = Token.parse(new String(input, StandardCharsets.UTF_8));
    if (!Token.parse(token.text()).equals(token)) {
      throw new IllegalStateException("is not read as it was printed: " + token.text());
    }
  }

  @Override
  protected Set<Class<? extends Exception>> refusals() {
    return Set.of(IllegalArgumentException.class);
  }

  @Override
  protected Bounds bounds() {
    return Bounds.of(1 << 16, 8);
  }
}
