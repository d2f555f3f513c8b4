package io.neurograft.coordinator.rpc;

import static io.neurograft.proto.identity.Role.OPERATOR;
import static io.neurograft.proto.identity.Role.SITE;
import static io.neurograft.proto.identity.Role.VIEWER;

import io.grpc.MethodDescriptor;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.neurograft.proto.identity.Role;
import io.neurograft.proto.v1.ArtifactServiceGrpc;
import io.neurograft.proto.v1.EnrolmentServiceGrpc;
import io.neurograft.proto.v1.OperatorServiceGrpc;
import io.neurograft.proto.v1.SessionServiceGrpc;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Who may make which call: one line for every call that the server takes. */
enum Access {
  ENROL(EnrolmentServiceGrpc.getEnrolMethod()),
  RENEW(EnrolmentServiceGrpc.getRenewMethod(), SITE, OPERATOR, VIEWER),

  ATTEND(SessionServiceGrpc.getAttendMethod(), SITE),
  REPORT_TASK(SessionServiceGrpc.getReportTaskMethod(), SITE),
  CHECK(SessionServiceGrpc.getCheckMethod(), SITE),

  UPLOAD_ARTIFACT(ArtifactServiceGrpc.getUploadArtifactMethod(), SITE, OPERATOR),
  DOWNLOAD_ARTIFACT(ArtifactServiceGrpc.getDownloadArtifactMethod(), SITE, OPERATOR),

  CREATE_RUN(OperatorServiceGrpc.getCreateRunMethod(), OPERATOR),
  GET_RUN(OperatorServiceGrpc.getGetRunMethod(), OPERATOR, VIEWER),
  LIST_RUNS(OperatorServiceGrpc.getListRunsMethod(), OPERATOR, VIEWER),
  WATCH_RUN(OperatorServiceGrpc.getWatchRunMethod(), OPERATOR, VIEWER),
  CANCEL_RUN(OperatorServiceGrpc.getCancelRunMethod(), OPERATOR),
  PAUSE_RUN(OperatorServiceGrpc.getPauseRunMethod(), OPERATOR),
  RESUME_RUN(OperatorServiceGrpc.getResumeRunMethod(), OPERATOR),
  DELETE_RUN(OperatorServiceGrpc.getDeleteRunMethod(), OPERATOR),
  LIST_SITES(OperatorServiceGrpc.getListSitesMethod(), OPERATOR, VIEWER),
  INVITE(OperatorServiceGrpc.getInviteMethod(), OPERATOR),
  REVOKE(OperatorServiceGrpc.getRevokeMethod(), OPERATOR),

  HEALTH_CHECK(HealthGrpc.getCheckMethod()),
  /** A call that stays open, so not for strangers. */
  HEALTH_WATCH(HealthGrpc.getWatchMethod(), OPERATOR, VIEWER),
  REFLECTION(ServerReflectionGrpc.getServerReflectionInfoMethod(), OPERATOR, VIEWER);

  private static final Map<String, Access> BY_METHOD =
      Arrays.stream(values())
          .collect(Collectors.toMap(access -> access.method, Function.identity()));

  private final String method;

  @SuppressWarnings("ImmutableEnumChecker") // cannot be changed, though its type does not say so
  private final Set<Role> roles;

  /** A call for those who show no certificate, too. */
  Access(MethodDescriptor<?, ?> method) {
    this.method = method.getFullMethodName();
    this.roles = Set.of();
  }

  Access(MethodDescriptor<?, ?> method, Role first, Role... others) {
    this.method = method.getFullMethodName();
    this.roles = Collections.unmodifiableSet(EnumSet.of(first, others));
  }

  /** The rule for a call, by its full name. */
  static Optional<Access> of(String method) {
    return Optional.ofNullable(BY_METHOD.get(method));
  }

  /** The call's full name. */
  String method() {
    return method;
  }

  /** Whether it is for those who show no certificate, too. */
  boolean anyone() {
    return roles.isEmpty();
  }

  boolean admits(Role role) {
    return anyone() || roles.contains(role);
  }

  /** Who may, for a person: {@code operator or viewer}. */
  String admitted() {
    return roles.stream().map(Role::word).collect(Collectors.joining(" or "));
  }
}
