package io.neurograft.coordinator.command;

/** How a command answers. */
enum Format {
  /** Lines for a person. */
  TEXT,
  /** One JSON document on stdout and nothing else. */
  JSON
}
