package io.neurograft.fusion;

import io.neurograft.neural.network.NetworkSpec;

/**
 * A member as it is known before its weights are read.
 *
 * @param name what people call it: its site, or its file
 * @param network its specification
 */
public record Candidate(String name, NetworkSpec network) {
  static Candidate of(Member member) {
    return new Candidate(member.name(), member.network());
  }
}
