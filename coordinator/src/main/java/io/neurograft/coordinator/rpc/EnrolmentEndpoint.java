package io.neurograft.coordinator.rpc;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import io.neurograft.coordinator.authority.Registrar;
import io.neurograft.coordinator.conduct.Refusal;
import io.neurograft.coordinator.conduct.Refusal.Reason;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.proto.v1.EnrolRequest;
import io.neurograft.proto.v1.EnrolResponse;
import io.neurograft.proto.v1.EnrolmentServiceGrpc;
import io.neurograft.proto.v1.IssuedCertificate;
import io.neurograft.proto.v1.RenewRequest;
import io.neurograft.proto.v1.RenewResponse;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** EnrolmentService: certificates are given here. */
final class EnrolmentEndpoint extends EnrolmentServiceGrpc.EnrolmentServiceImplBase {
  private static final int LONGEST_SECRET = 64;

  private final Optional<Registrar> registrar;

  /**
   * @param registrar empty where plain text is spoken: then nobody has a certificate
   */
  EnrolmentEndpoint(Optional<Registrar> registrar) {
    this.registrar = registrar;
  }

  @Override
  public void enrol(EnrolRequest request, StreamObserver<EnrolResponse> responses) {
    requireSecret(request);
    IssuedCertificate issued =
        message(registrar().enrol(request.getSecret(), request.getSigningRequest().toByteArray()));
    responses.onNext(EnrolResponse.newBuilder().setIssued(issued).build());
    responses.onCompleted();
  }

  @Override
  public void renew(RenewRequest request, StreamObserver<RenewResponse> responses) {
    Registrar gives = registrar();
    if (!(Caller.current() instanceof Caller.Certified caller)) {
      throw new Refusal(Reason.UNKNOWN, "there is no certificate to renew");
    }
    IssuedCertificate issued =
        message(gives.renew(caller.shown(), request.getSigningRequest().toByteArray()));
    responses.onNext(RenewResponse.newBuilder().setIssued(issued).build());
    responses.onCompleted();
  }

  /**
   * @throws InvalidInputException if what was sent is longer than any secret
   */
  static void requireSecret(EnrolRequest request) {
    Checks checks = new Checks("enrolment");
    checks.require(
        request.getSecret().length() <= LONGEST_SECRET, "secret", "expected it as it was printed");
    checks.done();
  }

  private Registrar registrar() {
    return required(registrar);
  }

  /** The registrar, where there is one. */
  static Registrar required(Optional<Registrar> registrar) {
    return registrar.orElseThrow(
        () ->
            new Refusal(
                Reason.NOT_READY,
                "this coordinator speaks plain text, so nobody needs a certificate; give it tls"));
  }

  private static IssuedCertificate message(Registrar.Issued issued) {
    return IssuedCertificate.newBuilder()
        .addAllChain(encoded(issued.chain()))
        .addAllTrust(encoded(issued.trust()))
        .build();
  }

  private static List<ByteString> encoded(List<X509Certificate> certificates) {
    List<ByteString> encoded = new ArrayList<>();
    try {
      for (X509Certificate certificate : certificates) {
        encoded.add(ByteString.copyFrom(certificate.getEncoded()));
      }
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate without an encoding", e);
    }
    return encoded;
  }
}
