package io.neurograft.proto.enrolment;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.neurograft.proto.channel.Channels;
import io.neurograft.proto.channel.Endpoint;
import io.neurograft.proto.identity.Identity;
import io.neurograft.proto.identity.IdentityFolder;
import io.neurograft.proto.identity.Pem;
import io.neurograft.proto.identity.SigningRequest;
import io.neurograft.proto.identity.Token;
import io.neurograft.proto.text.OneLine;
import io.neurograft.proto.v1.EnrolRequest;
import io.neurograft.proto.v1.EnrolmentServiceGrpc;
import io.neurograft.proto.v1.EnrolmentServiceGrpc.EnrolmentServiceBlockingStub;
import io.neurograft.proto.v1.IssuedCertificate;
import io.neurograft.proto.v1.RenewRequest;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;

/** Asks a coordinator for certificates. Keys are made here and stay in their folder. */
public final class Enrolment {
  private static final long ANSWER_SECONDS = 30;

  private final IdentityFolder folder;
  private final SecureRandom random;

  /** Certificates for a folder. */
  public Enrolment(IdentityFolder folder, SecureRandom random) {
    this.folder = folder;
    this.random = random;
  }

  /**
   * Enrols. The same can be done again with the same token if it failed.
   *
   * @param expected whom the certificate has to name
   * @return whom it names
   * @throws EnrolmentException if the coordinator cannot be reached, is not the one that made the
   *     token, or refuses, or the folder cannot be used; then nothing was changed
   */
  public Identity enrol(Endpoint coordinator, Token token, Predicate<Identity> expected)
      throws EnrolmentException {
    ManagedChannel channel = Channels.enrolling(coordinator, token).build();
    try {
      return replace(
          "coordinator " + coordinator,
          request ->
              stub(channel)
                  .enrol(
                      EnrolRequest.newBuilder()
                          .setSecret(token.secret())
                          .setSigningRequest(request)
                          .build())
                  .getIssued(),
          expected,
          ": the token was meant for another, for whom it is used up now; have the operator invite"
              + " both again");
    } finally {
      channel.shutdownNow();
    }
  }

  /**
   * Replaces the certificate by a new one for a new key.
   *
   * @param channel shows the present one
   * @throws EnrolmentException if that failed; then the present one stays
   */
  public void renew(Channel channel) throws EnrolmentException {
    Identity present = present();
    var unused =
        replace(
            "the coordinator",
            request ->
                stub(channel)
                    .renew(RenewRequest.newBuilder().setSigningRequest(request).build())
                    .getIssued(),
            present::equals,
            "");
  }

  private Identity present() throws EnrolmentException {
    try {
      return Identity.of(folder.credentials().certificate())
          .orElseThrow(() -> new EnrolmentException("the present certificate names nobody"));
    } catch (IOException | GeneralSecurityException e) {
      throw new EnrolmentException("the present certificate cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * @param unexpected what is said beside, where the certificate is of somebody else
   */
  private Identity replace(
      String coordinator,
      Function<ByteString, IssuedCertificate> ask,
      Predicate<Identity> expected,
      String unexpected)
      throws EnrolmentException {
    try {
      KeyPair keys = folder.nextKeys(random);
      IssuedCertificate issued = ask.apply(ByteString.copyFrom(SigningRequest.of(keys)));
      List<X509Certificate> chain = certificates(issued.getChainList());
      List<X509Certificate> trust = certificates(issued.getTrustList());
      Optional<Identity> identity = Identity.of(chain.get(0));
      if (identity.filter(expected).isEmpty()) {
        throw new EnrolmentException(
            coordinator
                + " gave a certificate of "
                + identity.map(Identity::toString).orElse("nobody")
                + ", which was not asked for"
                + unexpected);
      }
      folder.store(chain, trust, keys);
      return identity.get();
    } catch (StatusRuntimeException e) {
      String why = OneLine.of(String.valueOf(e.getStatus().getDescription()));
      throw new EnrolmentException(coordinator + " gave no certificate: " + why, e);
    } catch (IOException | GeneralSecurityException e) {
      throw new EnrolmentException("the certificate cannot be stored: " + e.getMessage(), e);
    }
  }

  private static EnrolmentServiceBlockingStub stub(Channel channel) {
    return EnrolmentServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS);
  }

  /**
   * Certificates in DER.
   *
   * @throws CertificateException if there is none, or one cannot be read
   */
  static List<X509Certificate> certificates(List<ByteString> encoded) throws CertificateException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (ByteString one : encoded) {
      certificates.add(Pem.certificate(one.toByteArray()));
    }
    if (certificates.isEmpty()) {
      throw new CertificateException("the coordinator's answer has none");
    }
    return certificates;
  }
}
