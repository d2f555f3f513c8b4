package io.neurograft.coordinator.rpc;

import com.google.protobuf.InvalidProtocolBufferException;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.proto.v1.GetRunResponse;
import io.neurograft.proto.v1.InviteResponse;
import io.neurograft.proto.v1.ListRunsResponse;
import io.neurograft.proto.v1.ListSitesResponse;
import io.neurograft.testing.fuzz.Bounds;
import io.neurograft.testing.fuzz.FuzzTest;
import java.util.Arrays;
import java.util.Set;

/**
 * What an operator's program makes of a coordinator's answers. The input's first byte says which;
 * all answers with one run look the same.
 */
class AnswerFuzzTest extends FuzzTest {
  @Override
  protected void read(byte[] input) throws InvalidProtocolBufferException {
    byte[] message = Arrays.copyOfRange(input, Math.min(1, input.length), input.length);
    switch (input.length == 0 ? 0 : input[0] & 3) {
      case 0 -> {
        var unused = RunSummary.of(GetRunResponse.parseFrom(message).getRun());
      }
      case 1 ->
          ListRunsResponse.parseFrom(message).getRunsList().forEach(run -> RunSummary.of(run));
      case 2 ->
          ListSitesResponse.parseFrom(message).getSitesList().forEach(site -> SiteSummary.of(site));
      default -> {
        var unused = SiteSummary.instant(InviteResponse.parseFrom(message).getExpires());
      }
    }
  }

  @Override
  protected Set<Class<? extends Exception>> refusals() {
    return Set.of(InvalidProtocolBufferException.class, InvalidInputException.class);
  }

  @Override
  protected Bounds bounds() {
    return Bounds.of(1 << 18, 500);
  }
}
