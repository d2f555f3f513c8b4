package io.neurograft.coordinator.store;

import io.neurograft.proto.identity.Identity;
import io.neurograft.proto.identity.Role;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

/** Who was invited, which certificates were given, and what of that was revoked. */
public final class IdentityTable {
  private final Handle handle;

  IdentityTable(Handle handle) {
    this.handle = handle;
  }

  /**
   * An invitation.
   *
   * @param publicKey SHA-256 of the key that it was used for, once it was
   */
  public record Invitation(Identity identity, Instant expires, Optional<String> publicKey) {}

  /**
   * A certificate, as far as it matters whether it was revoked.
   *
   * @param serial in hexadecimal
   * @param from when it begins to be good
   */
  public record Shown(String serial, Identity identity, Instant from) {}

  /**
   * Notes an invitation.
   *
   * @param token SHA-256 of its secret
   */
  public void invite(String token, Identity identity, Instant expires) {
    name(
            handle.createUpdate(
                "INSERT INTO invitations (token, role, name, expires)"
                    + " VALUES (:token, :role, :name, :expires)"),
            identity)
        .bind("token", token)
        .bind("expires", expires.toEpochMilli())
        .execute();
  }

  /** The invitation of a token. */
  public Optional<Invitation> invitation(String token) {
    return handle
        .createQuery("SELECT * FROM invitations WHERE token = :token")
        .bind("token", token)
        .map(
            (row, context) ->
                new Invitation(
                    identity(row), Columns.time(row, "expires"), Columns.text(row, "public_key")))
        .findOne();
  }

  /** Notes for which key an invitation was used. */
  public void use(String token, String publicKey) {
    handle
        .createUpdate("UPDATE invitations SET public_key = :key WHERE token = :token")
        .bind("token", token)
        .bind("key", publicKey)
        .execute();
  }

  /** Notes a certificate that was signed, and forgets what has expired. */
  public void issued(Shown certificate, Instant expires, Instant now) {
    for (String table : new String[] {"certificates", "invitations"}) {
      handle
          .createUpdate("DELETE FROM " + table + " WHERE expires < :now")
          .bind("now", now.toEpochMilli())
          .execute();
    }
    name(
            handle.createUpdate(
                "INSERT INTO certificates (serial, role, name, issued, expires)"
                    + " VALUES (:serial, :role, :name, :now, :expires)"),
            certificate.identity())
        .bind("serial", certificate.serial())
        .bind("now", now.toEpochMilli())
        .bind("expires", expires.toEpochMilli())
        .execute();
  }

  /**
   * The certificates of a name that are good.
   *
   * @param first when the first of them expires; empty where there is none
   */
  public record Good(int certificates, Optional<Instant> first) {}

  /**
   * How many certificates of a name were signed here, and have neither expired nor been revoked.
   */
  public Good good(Identity identity, Instant now) {
    return name(
            handle.createQuery(
                "SELECT COUNT(*) AS certificates, MIN(expires) AS earliest FROM certificates"
                    + " WHERE role = :role AND name = :name AND revoked IS NULL"
                    + " AND expires >= :now"),
            identity)
        .bind("now", now.toEpochMilli())
        .map(
            (row, context) ->
                new Good(row.getInt("certificates"), Columns.someTime(row, "earliest")))
        .one();
  }

  /**
   * What a revocation met.
   *
   * @param certificates that were good until then
   * @param known whether anybody of that name was invited, or given a certificate that would be
   *     good still if it had not been revoked
   */
  public record Revoked(int certificates, boolean known) {}

  /** Revokes all certificates of a name, and its invitations. */
  public Revoked revoke(Identity identity, Instant now) {
    boolean certified =
        name(
                handle.createQuery(
                    "SELECT COUNT(*) > 0 FROM certificates WHERE role = :role AND name = :name"),
                identity)
            .mapTo(Boolean.class)
            .one();
    int certificates =
        name(
                handle.createUpdate(
                    "UPDATE certificates SET revoked = :now WHERE role = :role AND name = :name"
                        + " AND revoked IS NULL AND expires >= :now"),
                identity)
            .bind("now", now.toEpochMilli())
            .execute();
    int invitations =
        name(
                handle.createUpdate("DELETE FROM invitations WHERE role = :role AND name = :name"),
                identity)
            .execute();
    name(
            handle.createUpdate(
                "INSERT INTO revocations (role, name, revoked) VALUES (:role, :name, :now)"
                    + " ON CONFLICT (role, name) DO UPDATE SET revoked = excluded.revoked"),
            identity)
        .bind("now", now.toEpochMilli())
        .execute();
    return new Revoked(certificates, certified || invitations > 0);
  }

  /**
   * Whether a certificate was revoked. One that another authority has signed was if its name was
   * revoked after it began to be good.
   */
  public boolean revoked(Shown certificate) {
    return own(certificate).orElseGet(() -> revokedByName(certificate));
  }

  /** Whether a certificate was signed here. */
  public boolean signedHere(Shown certificate) {
    return own(certificate).isPresent();
  }

  /**
   * Whether a certificate that was signed here was revoked; empty for another. Two authorities may
   * give the same serial number, so that alone does not say which certificate it is.
   */
  private Optional<Boolean> own(Shown certificate) {
    return name(
            handle.createQuery(
                "SELECT revoked IS NOT NULL FROM certificates"
                    + " WHERE serial = :serial AND role = :role AND name = :name"),
            certificate.identity())
        .bind("serial", certificate.serial())
        .mapTo(Boolean.class)
        .findOne();
  }

  private boolean revokedByName(Shown certificate) {
    return name(
            handle.createQuery(
                "SELECT COUNT(*) FROM revocations"
                    + " WHERE role = :role AND name = :name AND revoked >= :from"),
            certificate.identity())
        .bind("from", certificate.from().toEpochMilli())
        .mapTo(Long.class)
        .one()
        .equals(1L);
  }

  private static <S extends SqlStatement<S>> S name(S statement, Identity identity) {
    return statement.bind("role", identity.role().word()).bind("name", identity.name());
  }

  private static Identity identity(ResultSet row) throws SQLException {
    return new Identity(Role.of(row.getString("role")).orElseThrow(), row.getString("name"));
  }
}
