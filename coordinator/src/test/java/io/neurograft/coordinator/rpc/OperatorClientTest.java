package io.neurograft.coordinator.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import io.neurograft.proto.channel.Channels;
import io.neurograft.proto.channel.Endpoint;
import io.neurograft.proto.v1.GetRunRequest;
import io.neurograft.proto.v1.GetRunResponse;
import io.neurograft.proto.v1.OperatorServiceGrpc.OperatorServiceImplBase;
import io.neurograft.proto.v1.Run;
import io.neurograft.proto.v1.RunState;
import io.neurograft.proto.v1.WatchRunRequest;
import io.neurograft.proto.v1.WatchRunResponse;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class OperatorClientTest {
  /** What six methods say of a VGG11's units that a hundred sites have sent. */
  private static final String RESULT = "[" + "0,".repeat(13_000_000) + "0]";

  private Server server;
  private OperatorClient client;

  @BeforeEach
  void start() throws Exception {
    Endpoint anyPort = new Endpoint("127.0.0.1", 0);
    server = Channels.server(anyPort, Optional.empty()).addService(new Coordinator()).build();
    server.start();
    client = OperatorClient.to(new Endpoint("127.0.0.1", server.getPort()), Optional.empty());
  }

  @AfterEach
  void stop() {
    client.close();
    server.shutdownNow();
  }

  @Test
  void get_resultsOfManySites_areRead() {
    assertThat(client.get("a-1").result()).hasSameSizeAs(RESULT);
  }

  @Test
  void watch_resultsOfManySites_areRead() {
    assertThat(client.watch("a-1", run -> {}).result()).hasSameSizeAs(RESULT);
  }

  private static final class Coordinator extends OperatorServiceImplBase {
    private static final Run RUN =
        Run.newBuilder()
            .setRunId("a-1")
            .setState(RunState.RUN_STATE_COMPLETED)
            .setResultJson(RESULT)
            .build();

    @Override
    public void getRun(GetRunRequest request, StreamObserver<GetRunResponse> answers) {
      answers.onNext(GetRunResponse.newBuilder().setRun(RUN).build());
      answers.onCompleted();
    }

    @Override
    public void watchRun(WatchRunRequest request, StreamObserver<WatchRunResponse> answers) {
      answers.onNext(WatchRunResponse.newBuilder().setRun(RUN).build());
      answers.onCompleted();
    }
  }
}
