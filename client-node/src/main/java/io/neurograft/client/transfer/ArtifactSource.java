package io.neurograft.client.transfer;

import io.neurograft.proto.artifact.Packing;
import java.io.IOException;
import java.nio.file.Path;

/** Where artifacts are pulled from and pushed to: the coordinator. */
public interface ArtifactSource {
  /**
   * Fetches an artifact; its digest is checked.
   *
   * @param packing how the coordinator may pack it on its way
   * @return its file in the site's folder of artifacts, for reading only
   * @throws IOException if it cannot be had, however often it is tried
   */
  Path pull(ArtifactRef artifact, Packing packing) throws IOException, InterruptedException;

  /**
   * Brings an artifact of the site's folder to the coordinator; sends nothing where that has it
   * already.
   *
   * @param packing how it is packed on its way, if the coordinator reads that
   * @throws IOException if it cannot be brought, however often it is tried
   */
  void push(ArtifactRef artifact, Packing packing) throws IOException, InterruptedException;
}
