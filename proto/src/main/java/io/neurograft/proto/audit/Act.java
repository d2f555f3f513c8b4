package io.neurograft.proto.audit;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What an audit log tells of. */
public enum Act {
  /** A coordinator or a node was started; about its version. */
  PROGRAM_STARTED,
  /** It was stopped as it should be; a crash leaves no such line. */
  PROGRAM_STOPPED,

  /** An operator created a run. */
  RUN_CREATED,
  /** An operator ended a run before its time. */
  RUN_CANCELLED,
  /** An operator had a run stand still. */
  RUN_PAUSED,
  /** An operator took a paused run up. */
  RUN_RESUMED,
  /** An operator deleted a run that had ended. */
  RUN_DELETED,
  /** A run came to its next state; about that state and why. */
  RUN_MOVED,
  /** A run's model was chosen; about its digest. */
  RUN_PUBLISHED,

  /** Somebody was invited; about the name and until when the invitation is good. */
  IDENTITY_INVITED,
  /** All certificates and invitations of a name were revoked. */
  IDENTITY_REVOKED,
  /** A token was turned into a certificate; about its serial number. */
  CERTIFICATE_ISSUED,
  /** A certificate was followed by a new one; about its serial number. */
  CERTIFICATE_RENEWED,

  /** A session of a site began. */
  SITE_ATTACHED,
  /** A session of a site ended. */
  SITE_DETACHED,
  /** What a site sent did not pass the screening; about the reason. */
  MEMBER_QUARANTINED,
  /** A site's result for a task was taken; about the digests of what it sent. */
  RESULT_ACCEPTED,
  /** An artifact was stored whole. */
  ARTIFACT_ACCEPTED,
  /** An artifact was asked for, and began to be sent. */
  ARTIFACT_FETCHED,
  /**
   * Calls of one caller were refused; about how many since its last such line, and the last one.
   */
  CALL_REFUSED,

  /** A site took a task. */
  TASK_TAKEN,
  /** A site sent what came of a task; about the digests of its artifacts. */
  RESULT_SENT,
  /** A site answered a question about its data. */
  QUESTION_ANSWERED,
  /** A site refused to answer a question about its data; about why. */
  QUESTION_REFUSED,

  /** A crash had left a part of a line at the end, which was cut off. */
  LOG_REPAIRED,
  /** The log was not as it was left: somebody else has changed it. */
  LOG_BROKEN,
  /** So many lines before this one could not be written. */
  LOG_LOST;

  private final String word = name().toLowerCase(Locale.ROOT).replace('_', '.');

  /** How it is written, such as {@code run.created}. */
  public String word() {
    return word;
  }

  /** What a word means; empty for a word that this version does not know. */
  public static Optional<Act> of(String word) {
    return Arrays.stream(values()).filter(act -> act.word.equals(word)).findFirst();
  }
}
