package io.neurograft.coordinator.authority;

import io.neurograft.coordinator.audit.Journal;
import io.neurograft.coordinator.conduct.Refusal;
import io.neurograft.coordinator.conduct.Refusal.Reason;
import io.neurograft.coordinator.store.Database;
import io.neurograft.coordinator.store.IdentityTable;
import io.neurograft.coordinator.store.IdentityTable.Invitation;
import io.neurograft.coordinator.store.IdentityTable.Revoked;
import io.neurograft.coordinator.store.IdentityTable.Shown;
import io.neurograft.coordinator.store.Tables;
import io.neurograft.neural.config.Fault;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.proto.artifact.Digest;
import io.neurograft.proto.audit.Act;
import io.neurograft.proto.audit.Deed;
import io.neurograft.proto.identity.Identity;
import io.neurograft.proto.identity.Role;
import io.neurograft.proto.identity.SigningRequest;
import io.neurograft.proto.identity.Token;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Invites, gives certificates, and revokes them. What it says has happened is on disk. */
public final class Registrar {
  private static final Logger LOG = LoggerFactory.getLogger(Registrar.class);

  private static final Duration SHORTEST = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofDays(30);

  /**
   * How many certificates of one name may be good at a time; a node that is well has two or three.
   */
  private static final int MOST_GOOD = 200;

  private final Database database;
  private final Authorities authorities;
  private final Duration lifetime;
  private final InstantSource clock;
  private final SecureRandom random;
  private final Journal journal;

  /**
   * @param lifetime how long certificates are good
   */
  public Registrar(
      Database database,
      Authorities authorities,
      Duration lifetime,
      InstantSource clock,
      SecureRandom random,
      Journal journal) {
    this.database = database;
    this.authorities = authorities;
    this.lifetime = lifetime;
    this.clock = clock;
    this.random = random;
    this.journal = journal;
  }

  /**
   * An invitation.
   *
   * @param token nobody can read it again
   */
  public record Invited(Token token, Instant expires) {}

  /**
   * A certificate that was given.
   *
   * @param chain it, and those that lead to its root
   * @param trust by what coordinators are checked
   */
  public record Issued(List<X509Certificate> chain, List<X509Certificate> trust) {}

  /**
   * Invites somebody.
   *
   * @param who invites
   * @param valid a minute to 30 days
   * @throws Refusal NOT_READY if nothing is signed here
   * @throws InvalidInputException if it would be valid for less or more
   */
  public Invited invite(String who, Identity identity, Duration valid) {
    var unused = signing();
    if (valid.compareTo(SHORTEST) < 0 || valid.compareTo(LONGEST) > 0) {
      throw new InvalidInputException(
          "invitation", List.of(new Fault("valid", "expected a minute to 30 days")));
    }
    Token token = Token.random(random, authorities.root());
    Instant expires = clock.instant().plus(valid);
    database.write(
        tables -> {
          journal.act(
              Deed.of(who, Act.IDENTITY_INVITED)
                  .about("identity", identity.toString())
                  .about("expires", expires.toString()));
          tables.identities().invite(Token.digest(token.secret()), identity, expires);
          return identity;
        });
    LOG.info("{} was invited, until {}", identity, expires);
    return new Invited(token, expires);
  }

  /**
   * Gives a certificate for a token. Doing so again for the same key does no harm.
   *
   * @throws Refusal UNKNOWN if the token is not good for this key; NOT_READY if nothing is signed
   * @throws InvalidInputException if the request cannot be used
   */
  public Issued enrol(String secret, byte[] request) {
    Authority authority = signing();
    String token = Token.digest(secret);
    // Strangers come this far, and only this far: they keep no writer waiting.
    database.read(tables -> find(tables, token));
    PublicKey key = key(request);
    String digest = Digest.of(key.getEncoded()).hex();
    return database.write(
        tables -> {
          Invitation invitation = find(tables, token);
          if (!invitation.publicKey().orElse(digest).equals(digest)) {
            throw new Refusal(Reason.UNKNOWN, "this token was used already; ask for another");
          }
          tables.identities().use(token, digest);
          return issue(
              tables.identities(), authority, key, invitation.identity(), Act.CERTIFICATE_ISSUED);
        });
  }

  private Invitation find(Tables tables, String token) {
    Invitation invitation =
        tables
            .identities()
            .invitation(token)
            .orElseThrow(() -> new Refusal(Reason.UNKNOWN, "there is no such token"));
    if (!clock.instant().isBefore(invitation.expires())) {
      throw new Refusal(
          Reason.UNKNOWN,
          "this token has expired, at " + invitation.expires() + "; ask for another");
    }
    return invitation;
  }

  /**
   * Gives a new certificate in place of one that was signed here.
   *
   * @throws Refusal UNKNOWN if it was revoked; UNFIT if it was signed elsewhere; NOT_READY if
   *     nothing is signed here
   * @throws InvalidInputException if the request cannot be used
   */
  public Issued renew(Shown present, byte[] request) {
    Authority authority = signing();
    PublicKey key = key(request);
    return database.write(
        tables -> {
          if (tables.identities().revoked(present)) {
            throw revokedRefusal(present.identity());
          }
          if (!tables.identities().signedHere(present)) {
            throw new Refusal(
                Reason.UNFIT,
                "the certificate of "
                    + present.identity()
                    + " was not signed here; renew it where it was, or ask for an invitation");
          }
          return issue(
              tables.identities(), authority, key, present.identity(), Act.CERTIFICATE_RENEWED);
        });
  }

  private Issued issue(
      IdentityTable identities, Authority authority, PublicKey key, Identity identity, Act what) {
    Instant now = clock.instant();
    requireFew(identities, identity, now);
    List<X509Certificate> chain = authority.client(key, identity, now, lifetime);
    X509Certificate signed = chain.get(0);
    Instant expires = signed.getNotAfter().toInstant();
    Shown shown = shown(signed, identity);
    journal.act(
        Deed.of(identity.toString(), what)
            .about("serial", shown.serial())
            .about("expires", expires.toString()));
    identities.issued(shown, expires, now);
    LOG.info("{} was given a certificate, good until {}", identity, expires);
    return new Issued(chain, List.of(authorities.root()));
  }

  /** Whoever has one certificate can ask for any number of them, and each is a row. */
  private static void requireFew(IdentityTable identities, Identity identity, Instant now) {
    IdentityTable.Good good = identities.good(identity, now);
    if (good.certificates() >= MOST_GOOD) {
      throw new Refusal(
          Reason.NOT_READY,
          identity
              + " has "
              + good.certificates()
              + " certificates that are good, and may not have more: wait until one expires, at "
              + good.first().map(Instant::toString).orElse("its end")
              + ", or have it revoked and invited again");
    }
  }

  /**
   * Revokes all certificates and invitations of a name. A log that cannot be written, as on a full
   * disk, is no reason to leave somebody in: so the line follows.
   *
   * @param who revokes
   * @return what was met; certificates of other authorities are refused from then on, and not met
   */
  public Revoked revoke(String who, Identity identity) {
    Revoked revoked =
        database.write(
            tables -> {
              Revoked met = tables.identities().revoke(identity, clock.instant());
              boolean seen =
                  identity.role() == Role.SITE && tables.sites().find(identity.name()).isPresent();
              return new Revoked(met.certificates(), met.known() || seen);
            });
    journal.note(Deed.of(who, Act.IDENTITY_REVOKED).about("identity", identity.toString()));
    LOG.warn("{} was revoked: {} certificates", identity, revoked.certificates());
    return revoked;
  }

  /** Whether a certificate was revoked. */
  public boolean revoked(Shown certificate) {
    return database.<Boolean>read(tables -> tables.identities().revoked(certificate));
  }

  /** What a certificate is known by. */
  public static Shown shown(X509Certificate certificate, Identity identity) {
    return new Shown(
        certificate.getSerialNumber().toString(16),
        identity,
        certificate.getNotBefore().toInstant());
  }

  /** The answer to whoever shows a certificate that was revoked. */
  public static Refusal revokedRefusal(Identity identity) {
    return new Refusal(
        Reason.UNKNOWN, "the certificate of " + identity + " was revoked; ask for an invitation");
  }

  private Authority signing() {
    Authority authority =
        authorities
            .signing()
            .orElseThrow(
                () ->
                    new Refusal(
                        Reason.NOT_READY,
                        "this coordinator signs no certificates; its configuration names no"
                            + " authority"));
    if (!clock.instant().isBefore(authority.until())) {
      throw new Refusal(
          Reason.NOT_READY, "the authority that signs here has expired, at " + authority.until());
    }
    return authority;
  }

  private static PublicKey key(byte[] request) {
    try {
      return SigningRequest.key(request);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException("signing request", String.valueOf(e.getMessage()));
    }
  }
}
