package io.neurograft.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.neurograft.client.Node;
import io.neurograft.client.config.NodeConfig;
import io.neurograft.coordinator.Coordinator;
import io.neurograft.coordinator.CoordinatorConfig;
import io.neurograft.coordinator.rpc.OperatorClient;
import io.neurograft.coordinator.rpc.RunSummary;
import io.neurograft.neural.data.DataUri;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.data.Split;
import io.neurograft.proto.artifact.Digest;
import io.neurograft.proto.channel.Endpoint;
import io.neurograft.proto.v1.Artifact;
import io.neurograft.proto.v1.ArtifactKind;
import io.neurograft.proto.v1.AttendRequest;
import io.neurograft.proto.v1.DownloadArtifactRequest;
import io.neurograft.proto.v1.ReportTaskRequest;
import io.neurograft.proto.v1.UploadArtifactRequest;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What leaves a site, seen on the wire: the artifacts that its reports declare, and nothing else.
 */
@Timeout(120)
final class WireIT {
  private static final String DATA = "glyphs?train=300&test=50";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{secure: true}"})
  void run_federated_sendsTheDeclaredArtifactsAndNoExample(String federated) throws Exception {
    try (Coordinator coordinator = coordinator();
        Tap tap = new Tap(coordinator.port())) {
      complete(coordinator.port(), tap.port(), specification(federated));

      List<Artifact> declared = new ArrayList<>();
      Map<String, Long> uploaded = new TreeMap<>();
      for (Tap.Call call : tap.calls()) {
        switch (call.path()) {
          case "/neurograft.v1.SessionService/Attend" ->
              call.messages().forEach(m -> exact(m, AttendRequest.getDefaultInstance()));
          case "/neurograft.v1.SessionService/ReportTask" ->
              call.messages()
                  .forEach(
                      m ->
                          declared.addAll(
                              exact(m, ReportTaskRequest.getDefaultInstance())
                                  .getResult()
                                  .getArtifactsList()));
          case "/neurograft.v1.ArtifactService/DownloadArtifact" ->
              call.messages().forEach(m -> exact(m, DownloadArtifactRequest.getDefaultInstance()));
          case "/neurograft.v1.ArtifactService/UploadArtifact" -> upload(call, uploaded);
          default -> throw new AssertionError("a call that nobody declared: " + call.path());
        }
      }
      Map<String, Long> expected = new TreeMap<>();
      declared.forEach(artifact -> expected.put(artifact.getDigest(), artifact.getSize()));
      assertThat(uploaded).isEqualTo(expected);
      Map<ArtifactKind, Integer> kinds = new HashMap<>();
      declared.forEach(artifact -> kinds.merge(artifact.getKind(), 1, Integer::sum));
      Map<ArtifactKind, Integer> all = new HashMap<>();
      all.put(ArtifactKind.ARTIFACT_KIND_WEIGHTS, 2); // the member, and the fused network tuned
      all.put(ArtifactKind.ARTIFACT_KIND_SCORES, 1);
      all.put(ArtifactKind.ARTIFACT_KIND_MOMENTS, 5);
      if (federated.contains("secure")) {
        all.put(ArtifactKind.ARTIFACT_KIND_PUBLIC_KEY, 1);
      }
      assertThat(kinds).isEqualTo(all);
      assertNoExample(tap.bytes());
      assertThat(Files.readAllLines(folder.resolve("tapped/audit/audit-000001.jsonl")))
          .filteredOn(line -> line.contains("\"what\":\"question.answered\""))
          .hasSize(5);
    }
  }

  /** A run of two nodes, one of them behind the tap; their connections are closed after it. */
  private void complete(int port, int tap, String specification) throws Exception {
    try (Node tapped = node("tapped", 0, tap);
        Node other = node("other", 1, port);
        OperatorClient operator =
            OperatorClient.to(new Endpoint("127.0.0.1", port), Optional.empty())) {
      assertThat(List.of(tapped.ended(), other.ended())).noneMatch(ended -> ended.isDone());
      RunSummary ended = operator.watch(operator.create(specification).run(), now -> {});
      assertThat(ended.state()).as(ended.message()).isEqualTo("completed");
    }
  }

  /** The search finds what it looks for. */
  @Test
  void occurs_exampleAmongOtherBytes_isFound() {
    byte[] example = floats(DataUri.open(DATA, Split.TRAIN), 7);
    byte[] stream = new byte[100_000];
    System.arraycopy(example, 0, stream, 31_337, example.length);
    assertThat(occurs(piece(example), stream)).isTrue();
    assertThat(occurs(piece(example), new byte[100_000])).isFalse();
  }

  /** Chunks make the whole that the header announces. */
  private static void upload(Tap.Call call, Map<String, Long> uploaded) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    Artifact header = Artifact.getDefaultInstance();
    for (ByteString bytes : call.messages()) {
      UploadArtifactRequest message = exact(bytes, UploadArtifactRequest.getDefaultInstance());
      if (message.hasHeader()) {
        header = message.getHeader();
      } else {
        whole.writeBytes(message.getChunk().getData().toByteArray());
      }
    }
    if (whole.size() > 0) { // it may be there already
      assertThat(whole.size()).isEqualTo((int) header.getSize());
      assertThat(Digest.of(whole.toByteArray()).hex()).isEqualTo(header.getDigest());
    }
    uploaded.put(header.getDigest(), header.getSize());
  }

  /** Parses a message, every byte of which is a field of the contract. */
  private static <M extends Message> M exact(ByteString bytes, M type) {
    try {
      Message message = type.getParserForType().parseFrom(bytes);
      assertThat(message.getUnknownFields().asMap()).isEmpty();
      assertThat(message.toByteString()).isEqualTo(bytes);
      @SuppressWarnings("unchecked")
      M typed = (M) message;
      return typed;
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private static void assertNoExample(List<byte[]> connections) {
    Dataset data = DataUri.open(DATA, Split.TRAIN);
    for (int index = 0; index < data.size(); index += 3) {
      byte[] example = piece(floats(data, index));
      for (byte[] connection : connections) {
        assertThat(occurs(example, connection)).as("example " + index).isFalse();
      }
    }
  }

  private static byte[] floats(Dataset data, int index) {
    float[] values = new float[data.exampleSize()];
    data.read(index, values, 0);
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  /** A stroke's pixels: 16 bytes that hold no zero number. */
  private static byte[] piece(byte[] example) {
    for (int at = 0; at + 16 <= example.length; at += 4) {
      ByteBuffer four = ByteBuffer.wrap(example, at, 16).order(ByteOrder.LITTLE_ENDIAN);
      boolean ink = true;
      for (int i = 0; i < 4; i++) {
        float value = four.getFloat();
        ink &= value > 0 && value < 1;
      }
      if (ink) {
        byte[] piece = new byte[16];
        System.arraycopy(example, at, piece, 0, 16);
        return piece;
      }
    }
    throw new AssertionError("no stroke four pixels wide");
  }

  private static boolean occurs(byte[] piece, byte[] stream) {
    outer:
    for (int at = 0; at + piece.length <= stream.length; at++) {
      for (int i = 0; i < piece.length; i++) {
        if (stream[at + i] != piece[i]) {
          continue outer;
        }
      }
      return true;
    }
    return false;
  }

  private Coordinator coordinator() throws Exception {
    Path file = folder.resolve("coordinator.yaml");
    Files.writeString(file, "listen: 127.0.0.1:0\nfolder: coordinator\n");
    return Coordinator.start(CoordinatorConfig.read(file));
  }

  private Node node(String site, int index, int port) throws Exception {
    Path file = folder.resolve(site + ".yaml");
    Files.writeString(
        file,
        """
        coordinator: 127.0.0.1:%d
        site: %s
        folder: %2$s
        data: {uri: "%s", hold-back: 0.2, partition: {iid: {}, of: 2, index: %d}}
        """
            .formatted(port, site, DATA, index));
    return Node.start(NodeConfig.read(file));
  }

  private static String specification(String federated) {
    return """
        name: wire
        network: {family: mlp, widths: [8], classes: 10, input: {shape: [1, 28, 28]}}
        sites: {minimum: 2}
        training: {epochs: 1}
        scores: {method: uniform}
        moments: {federated: %s}
        fine-tuning: {rounds: 1}
        """
        .formatted(federated);
  }
}
