package io.neurograft.proto.transfer;

import io.neurograft.proto.artifact.ArtifactException;
import io.neurograft.proto.artifact.Chunks;
import io.neurograft.testing.fuzz.Bounds;
import io.neurograft.testing.fuzz.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;

/** A message of an upload or a download, and what its chunk unpacks to: at most a mebibyte. */
class ChunkFuzzTest extends FuzzTest {
  @Override
  protected void read(byte[] input) throws IOException {
    Part part = PartMarshaller.INSTANCE.parse(new ByteArrayInputStream(input));
    if (part instanceof IncomingChunk chunk) {
      try (chunk) {
        List<ByteBuffer> raw = ChunkCompression.restore(chunk);
        int length = raw.stream().mapToInt(ByteBuffer::remaining).sum();
        if (length > Math.max(Chunks.MAX_BYTES, input.length)) {
          throw new IllegalStateException("unpacks to " + length + " bytes");
        }
      }
    }
  }

  @Override
  protected Set<Class<? extends Exception>> refusals() {
    return Set.of(ArtifactException.class);
  }

  @Override
  protected Bounds bounds() {
    return Bounds.of(Chunks.MAX_BYTES + (1 << 18), 100);
  }
}
