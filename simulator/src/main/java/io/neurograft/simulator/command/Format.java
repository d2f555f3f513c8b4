package io.neurograft.simulator.command;

/** How a command answers on stdout. */
enum Format {
  /** For people. */
  TEXT,
  /** One JSON document and nothing else. */
  JSON
}
