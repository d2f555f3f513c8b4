package io.neurograft.client.preflight;

import io.neurograft.neural.config.ConfigNode;

/** What is looked at. */
public enum Check {
  /** The configuration file. */
  CONFIGURATION,
  /** The node's folder. */
  FOLDER,
  /** The site's own certificate. */
  CERTIFICATE,
  /** The coordinator's host name (DNS). */
  NAME,
  /** The way to the coordinator's port. */
  PORT,
  /** The TLS handshake, and the coordinator's certificate. */
  TLS,
  /** Whether the coordinator lets this site in. */
  ADMISSION,
  /** This machine's clock against the coordinator's. */
  CLOCK,
  /** Room on the folder's disk. */
  DISK,
  /** The engine's native library. */
  ENGINE,
  /** The site's examples. */
  DATA,
  /** Memory, after the examples were read. */
  MEMORY,
  /** What the site answers. */
  GUARDS;

  /** How the check is written in tables and documents. */
  public String word() {
    return ConfigNode.word(this);
  }
}
