package io.neurograft.proto.enrolment;

import com.google.protobuf.InvalidProtocolBufferException;
import io.neurograft.proto.identity.Identity;
import io.neurograft.proto.v1.EnrolResponse;
import io.neurograft.proto.v1.IssuedCertificate;
import io.neurograft.testing.fuzz.Bounds;
import io.neurograft.testing.fuzz.FuzzTest;
import java.security.cert.CertificateException;
import java.util.Set;

/** What a coordinator answers to who enrols or renews; both answers look the same. */
class IssuedCertificateFuzzTest extends FuzzTest {
  @Override
  protected void read(byte[] input) throws InvalidProtocolBufferException, CertificateException {
    IssuedCertificate issued = EnrolResponse.parseFrom(input).getIssued();
    var unused = Identity.of(Enrolment.certificates(issued.getChainList()).get(0));
    var unusedTrust = Enrolment.certificates(issued.getTrustList());
  }

  @Override
  protected Set<Class<? extends Exception>> refusals() {
    return Set.of(InvalidProtocolBufferException.class, CertificateException.class);
  }

  @Override
  protected Bounds bounds() {
    return Bounds.of(1 << 20, 4000);
  }
}
