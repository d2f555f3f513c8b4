package io.neurograft.simulator.chaos;

import io.neurograft.neural.config.ConfigNode;

/** A way in which a process, its disk, its clock or its wire is disturbed. */
public enum Kind {
  /** {@code kill -9}, and a start on the same folder after a while. */
  KILL,
  /** SIGSTOP, and SIGCONT after a while: shorter or longer than leases and heartbeats. */
  STOP,
  /** All connections are reset. */
  CUT,
  /** Connections lose what they carry, without a word and for good; new ones work. */
  SWALLOW,
  /** Connections lose what they carry, and so do new ones for a while. */
  BREAKDOWN,
  /** Everything on the wire waits for 50 to 500 ms. */
  DELAY,
  /** The wire passes 8 to 64 KiB a second. */
  THROTTLE,
  /** No byte is left on the disk for a while. */
  FILL,
  /** The wall clock is set forward or back, by minutes to days. */
  CLOCK;

  /** As reports name it. */
  public String word() {
    return ConfigNode.word(this);
  }

  /** Whether it happens to the wire of a node. */
  boolean ofWire() {
    return switch (this) {
      case CUT, SWALLOW, BREAKDOWN, DELAY, THROTTLE -> true;
      case KILL, STOP, FILL, CLOCK -> false;
    };
  }
}
