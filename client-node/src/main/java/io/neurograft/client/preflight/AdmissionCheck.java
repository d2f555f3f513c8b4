package io.neurograft.client.preflight;

import io.neurograft.client.rpc.AdmissionCall.Admitted;
import io.neurograft.client.rpc.AdmissionCall.Answer;
import io.neurograft.client.rpc.AdmissionCall.Refused;

/** What a coordinator's answer says about being let in. */
final class AdmissionCheck {
  private AdmissionCheck() {}

  /**
   * @param site the site's name by its configuration
   */
  static Finding of(Answer answer, String site) {
    return answer instanceof Refused refused ? refused(refused) : admitted((Admitted) answer, site);
  }

  private static Finding admitted(Admitted answer, String site) {
    if (!answer.site().equals(site)) {
      return Finding.failed(
          "the coordinator knows this site as " + answer.site() + ", not as " + site,
          "write the name that the operator has invited in the configuration (site:)");
    }
    return Finding.passed(
        "let in as site %s by version %s; %s"
            .formatted(
                site,
                answer.version(),
                answer.attached() ? "its node is attached now" : "no node of it is attached now"));
  }

  private static Finding refused(Refused refused) {
    return Finding.failed(
        refused.why(),
        switch (refused.kind()) {
          case NOT_ADMITTED ->
              "have the operator invite this site, then run node enrol with the token";
          case OLDER ->
              "what answers is a coordinator of an older version, which does not know this check,"
                  + " or no coordinator: ask its operator";
          case FAILED ->
              "if the certificate check above has nothing to mend, ask the coordinator's operator"
                  + " whether it trusts this site's certificate";
        });
  }
}
