package io.neurograft.coordinator.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.proto.identity.SigningRequest;
import io.neurograft.proto.v1.AttendRequest;
import io.neurograft.proto.v1.CancelRunRequest;
import io.neurograft.proto.v1.CheckRequest;
import io.neurograft.proto.v1.CreateRunRequest;
import io.neurograft.proto.v1.DeleteRunRequest;
import io.neurograft.proto.v1.EnrolRequest;
import io.neurograft.proto.v1.GetRunRequest;
import io.neurograft.proto.v1.InviteRequest;
import io.neurograft.proto.v1.ListRunsRequest;
import io.neurograft.proto.v1.ListSitesRequest;
import io.neurograft.proto.v1.PauseRunRequest;
import io.neurograft.proto.v1.RenewRequest;
import io.neurograft.proto.v1.ReportTaskRequest;
import io.neurograft.proto.v1.ResumeRunRequest;
import io.neurograft.proto.v1.RevokeRequest;
import io.neurograft.proto.v1.WatchRunRequest;
import io.neurograft.testing.fuzz.Bounds;
import io.neurograft.testing.fuzz.FuzzTest;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Every request that a coordinator takes: its bytes, and what the coordinator makes of its message.
 * The input's first byte says which call it is.
 */
class RequestFuzzTest extends FuzzTest {
  /** gRPC's own, or fuzzed where they are read: {@code UploadFuzzTest} and others of proto. */
  private static final Set<Access> ELSEWHERE =
      EnumSet.of(
          Access.UPLOAD_ARTIFACT,
          Access.DOWNLOAD_ARTIFACT,
          Access.HEALTH_CHECK,
          Access.HEALTH_WATCH,
          Access.REFLECTION);

  private interface Reader {
    void read(byte[] message) throws InvalidProtocolBufferException;
  }

  private interface Use<M> {
    void of(M message);
  }

  private static final Map<Access, Reader> READERS = new EnumMap<>(Access.class);

  private static <M> void call(Access access, Parser<M> parser, Use<M> use) {
    READERS.put(access, message -> use.of(parser.parseFrom(message)));
  }

  static {
    call(Access.ENROL, EnrolRequest.parser(), RequestFuzzTest::enrol);
    call(Access.RENEW, RenewRequest.parser(), r -> key(r.getSigningRequest().toByteArray()));
    call(Access.ATTEND, AttendRequest.parser(), RequestFuzzTest::attend);
    call(Access.REPORT_TASK, ReportTaskRequest.parser(), SessionMessages::report);
    call(Access.CHECK, CheckRequest.parser(), SessionMessages::site);
    call(Access.CREATE_RUN, CreateRunRequest.parser(), RunMessages::specification);
    call(Access.GET_RUN, GetRunRequest.parser(), r -> RunMessages.id(r.getRunId()));
    call(Access.LIST_RUNS, ListRunsRequest.parser(), r -> {});
    call(Access.WATCH_RUN, WatchRunRequest.parser(), r -> RunMessages.id(r.getRunId()));
    call(Access.CANCEL_RUN, CancelRunRequest.parser(), r -> RunMessages.id(r.getRunId()));
    call(Access.PAUSE_RUN, PauseRunRequest.parser(), r -> RunMessages.id(r.getRunId()));
    call(Access.RESUME_RUN, ResumeRunRequest.parser(), r -> RunMessages.id(r.getRunId()));
    call(Access.DELETE_RUN, DeleteRunRequest.parser(), r -> RunMessages.id(r.getRunId()));
    call(Access.LIST_SITES, ListSitesRequest.parser(), r -> {});
    call(Access.INVITE, InviteRequest.parser(), RequestFuzzTest::invite);
    call(
        Access.REVOKE,
        RevokeRequest.parser(),
        r -> IdentityMessages.identity(r.getRole(), r.getName()));
  }

  private static final Reader[] ALL = READERS.values().toArray(Reader[]::new);

  @Override
  protected void read(byte[] input) throws InvalidProtocolBufferException {
    if (input.length > 0) {
      ALL[Byte.toUnsignedInt(input[0]) % ALL.length].read(
          Arrays.copyOfRange(input, 1, input.length));
    }
  }

  private static void enrol(EnrolRequest request) {
    EnrolmentEndpoint.requireSecret(request);
    key(request.getSigningRequest().toByteArray());
  }

  /** As the registrar reads it, which says the same in its own exception. */
  private static void key(byte[] request) {
    try {
      var unused = SigningRequest.key(request);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException("signing request", String.valueOf(e.getMessage()));
    }
  }

  private static void attend(AttendRequest request) {
    var unused = SessionMessages.site(request, Instant.EPOCH);
    var unusedProgram = SessionMessages.program(request);
  }

  private static void invite(InviteRequest request) {
    var unused = IdentityMessages.identity(request.getRole(), request.getName());
  }

  @Override
  protected Set<Class<? extends Exception>> refusals() {
    return Set.of(InvalidProtocolBufferException.class, InvalidInputException.class);
  }

  @Override
  protected Bounds bounds() {
    return Bounds.of(2 << 20, 4000);
  }

  /** {@code AccessIT} shows that the server takes no call that is not in the table. */
  @Test
  void read_everyCall_isAmongThem() {
    assertThat(READERS.keySet()).isEqualTo(EnumSet.complementOf(EnumSet.copyOf(ELSEWHERE)));
  }

  /** So a message that is new is fuzzed with its call, as soon as there is one. */
  @Test
  void messages_allOfThem_travelWithACall() {
    Set<String> all = new TreeSet<>();
    Set<String> travelling = new TreeSet<>();
    for (FileDescriptor file : files()) {
      file.getMessageTypes().forEach(message -> all.add(message.getFullName()));
      file.getServices().stream()
          .flatMap(service -> service.getMethods().stream())
          .forEach(
              method -> {
                reach(method.getInputType(), travelling);
                reach(method.getOutputType(), travelling);
              });
    }
    assertThat(travelling).containsAll(all);
  }

  private static void reach(Descriptor message, Set<String> reached) {
    if (reached.add(message.getFullName())) {
      message.getFields().stream()
          .filter(field -> field.getJavaType() == FieldDescriptor.JavaType.MESSAGE)
          .forEach(field -> reach(field.getMessageType(), reached));
    }
  }

  private static Set<FileDescriptor> files() {
    Set<FileDescriptor> files = new HashSet<>();
    Deque<FileDescriptor> open = new ArrayDeque<>();
    open.add(CreateRunRequest.getDescriptor().getFile());
    open.add(AttendRequest.getDescriptor().getFile());
    open.add(EnrolRequest.getDescriptor().getFile());
    while (!open.isEmpty()) {
      FileDescriptor file = open.remove();
      if (file.getPackage().equals("neurograft.v1") && files.add(file)) {
        open.addAll(file.getDependencies());
      }
    }
    return files;
  }
}
