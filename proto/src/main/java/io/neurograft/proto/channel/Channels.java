package io.neurograft.proto.channel;

import io.grpc.DecompressorRegistry;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.neurograft.proto.identity.Pem;
import io.neurograft.proto.identity.Token;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSessionContext;

/**
 * Builders for both ends of a connection, with everything set that both must agree on. TLS is 1.3,
 * by BoringSSL where its native library fits the platform. Callers add services and interceptors;
 * they must not ask for a direct executor, since calls write files.
 */
public final class Channels {
  /** By default, how often a silent connection is probed. */
  public static final Duration KEEPALIVE = Duration.ofSeconds(20);

  /** The most often that a connection may be probed: gRPC's own limit. */
  public static final Duration SHORTEST_KEEPALIVE = Duration.ofSeconds(10);

  /** How long a probe may stay without answer before the connection counts as dead. */
  private static final Duration KEEPALIVE_TIMEOUT = Duration.ofSeconds(10);

  /** Bytes under way on one stream: keeps a fast line busy with a few chunks. */
  private static final int FLOW_CONTROL_WINDOW = 4 << 20;

  /** A chunk of 1 MiB with its frame, and specifications with room to spare. */
  private static final int MAX_MESSAGE = 4 << 20;

  /** Calls of one client at a time: a session, transfers, watchers; more of them wait. */
  private static final int MOST_CALLS = 100;

  /** How often a client may give up calls that it has begun, before it loses its connection. */
  private static final int MOST_RESETS = 400;

  private static final int RESETS_SECONDS = 30;

  /** Names of methods and a deadline; nothing here sends more. */
  private static final int MAX_METADATA = 8 << 10;

  private static final String PROTOCOL = "TLSv1.3";

  /** Logs a host that is unknown with a stack trace; here whoever dials says so. */
  private static final Logger RESOLVING = Logger.getLogger("io.grpc.internal.ManagedChannelImpl");

  static {
    RESOLVING.setLevel(Level.SEVERE);
  }

  private Channels() {}

  /**
   * A builder for a channel to a coordinator; it connects when the first call is made.
   *
   * @param tls empty for plain text
   * @throws ChannelSettingsException if a PEM file cannot be used
   */
  public static NettyChannelBuilder client(Endpoint coordinator, Optional<TlsSettings> tls) {
    return client(coordinator, tls, KEEPALIVE);
  }

  /**
   * A builder for a channel to a coordinator; it connects when the first call is made. A name that
   * has several addresses is tried at each of them.
   *
   * @param tls empty for plain text
   * @param keepalive how often a silent connection is probed, at least {@link #SHORTEST_KEEPALIVE}
   * @throws ChannelSettingsException if a PEM file cannot be used
   */
  public static NettyChannelBuilder client(
      Endpoint coordinator, Optional<TlsSettings> tls, Duration keepalive) {
    NettyChannelBuilder builder = client(coordinator, keepalive, tls.isPresent());
    return tls.isEmpty() ? builder.usePlaintext() : builder.sslContext(clientContext(tls.get()));
  }

  /**
   * A builder for a channel to the coordinator that has made a token, and to no other; for whoever
   * has no certificate yet.
   */
  public static NettyChannelBuilder enrolling(Endpoint coordinator, Token token) {
    return client(coordinator, KEEPALIVE, true)
        .sslContext(
            build(GrpcSslContexts.forClient().trustManager(new PinnedAuthority(token)), "a token"));
  }

  private static NettyChannelBuilder client(Endpoint coordinator, Duration keepalive, boolean tls) {
    return NettyChannelBuilder.forTarget("dns:///" + coordinator)
        .keepAliveTime(keepalive.toMillis(), TimeUnit.MILLISECONDS)
        .keepAliveTimeout(timeout(keepalive).toMillis(), TimeUnit.MILLISECONDS)
        .flowControlWindow(FLOW_CONTROL_WINDOW)
        .maxInboundMessageSize(MAX_MESSAGE)
        .intercept(new ConnectionWords(tls));
  }

  /**
   * A builder for a server.
   *
   * @param tls empty for plain text; must have a certificate
   * @throws ChannelSettingsException if a PEM file cannot be used, or the host cannot be resolved
   */
  public static NettyServerBuilder server(Endpoint listen, Optional<TlsSettings> tls) {
    return server(listen, tls, Patience.DEFAULT);
  }

  /**
   * A builder for a server.
   *
   * @param tls empty for plain text; must have a certificate
   * @param patience how long it bears clients that do nothing
   * @throws ChannelSettingsException if a PEM file cannot be used, or the host cannot be resolved
   */
  public static NettyServerBuilder server(
      Endpoint listen, Optional<TlsSettings> tls, Patience patience) {
    InetSocketAddress address = new InetSocketAddress(listen.host(), listen.port());
    if (address.isUnresolved()) {
      throw new ChannelSettingsException("cannot resolve the host of " + listen);
    }
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(address)
            .keepAliveTime(KEEPALIVE.toMillis(), TimeUnit.MILLISECONDS)
            .keepAliveTimeout(KEEPALIVE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
            // Sites choose how often they probe; allow for probes that were held up on their way.
            .permitKeepAliveTime(SHORTEST_KEEPALIVE.toMillis() / 2, TimeUnit.MILLISECONDS)
            .permitKeepAliveWithoutCalls(true)
            .handshakeTimeout(patience.handshake().toMillis(), TimeUnit.MILLISECONDS)
            .maxConnectionIdle(patience.idle().toMillis(), TimeUnit.MILLISECONDS)
            .flowControlWindow(FLOW_CONTROL_WINDOW)
            .maxConcurrentCallsPerConnection(MOST_CALLS)
            .maxRstFramesPerWindow(MOST_RESETS, RESETS_SECONDS)
            .maxInboundMetadataSize(MAX_METADATA)
            // Artifacts are packed chunk by chunk; what gRPC would unpack is nothing but a risk.
            .decompressorRegistry(DecompressorRegistry.emptyInstance())
            .maxInboundMessageSize(MAX_MESSAGE);
    tls.ifPresent(settings -> builder.sslContext(serverContext(settings)));
    return builder;
  }

  /** Half of a short interval, so that a dead connection is noticed soon where that is wanted. */
  private static Duration timeout(Duration keepalive) {
    Duration half = keepalive.dividedBy(2);
    return half.compareTo(KEEPALIVE_TIMEOUT) < 0 ? half : KEEPALIVE_TIMEOUT;
  }

  /** Why an address cannot be bound, in one line for a person. */
  public static String why(IOException failure) {
    return ConnectionWords.root(failure);
  }

  private static SslContext clientContext(TlsSettings tls) {
    tls.check();
    SslContextBuilder builder = GrpcSslContexts.forClient();
    tls.trust().ifPresent(trust -> trust(builder, trust));
    if (tls.certificate().isPresent() && tls.key().isPresent()) {
      builder.keyManager(new CurrentKeys(tls.certificate().get(), tls.key().get()));
    }
    return build(builder, tls);
  }

  /** Clients may come without a certificate: who enrols has none. What they may call is little. */
  private static SslContext serverContext(TlsSettings tls) {
    tls.check();
    Path certificate = tls.certificate().orElseThrow(Channels::noCertificate);
    Path key = tls.key().orElseThrow(Channels::noCertificate);
    SslContextBuilder builder =
        GrpcSslContexts.configure(SslContextBuilder.forServer(new CurrentKeys(certificate, key)));
    if (tls.trust().isPresent()) {
      trust(builder, tls.trust().get());
      builder.clientAuth(ClientAuth.OPTIONAL);
    }
    return build(builder, tls);
  }

  private static ChannelSettingsException noCertificate() {
    return new ChannelSettingsException("a server with TLS needs a certificate and its key");
  }

  private static void trust(SslContextBuilder builder, Path file) {
    try {
      builder.trustManager(Pem.certificates(file).toArray(X509Certificate[]::new));
    } catch (IOException | GeneralSecurityException e) {
      throw new ChannelSettingsException(
          "expected certificates in PEM in " + file + ": " + e.getMessage(), e);
    }
  }

  private static SslContext build(SslContextBuilder builder, Object settings) {
    try {
      SslContext context = builder.protocols(PROTOCOL).build();
      resumeNothing(context.sessionContext());
      return new BatchingTls(context);
    } catch (SSLException | RuntimeException e) {
      throw new ChannelSettingsException(
          "cannot use TLS with " + settings + ": " + e.getMessage(), e);
    }
  }

  /**
   * A resumed session knows the other end by the certificate of the first handshake, which may have
   * been renewed since, or have expired.
   */
  private static void resumeNothing(SSLSessionContext sessions) {
    if (sessions instanceof OpenSslSessionContext boring) {
      boring.setSessionCacheEnabled(false);
    } else {
      sessions.setSessionCacheSize(1); // the JDK has no switch: what is kept is one, for a second
      sessions.setSessionTimeout(1);
    }
  }
}
