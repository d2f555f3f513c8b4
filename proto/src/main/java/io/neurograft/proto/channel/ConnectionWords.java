package io.neurograft.proto.channel;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.netty.handler.codec.http2.Http2Exception;
import io.neurograft.proto.text.OneLine;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in a failed call's status why the connection failed, so that a person knows what to look at.
 * Transports tell of sockets and handshakes instead. What the other end itself answered stays as it
 * is.
 */
final class ConnectionWords implements ClientInterceptor {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionWords.class);

  /** What gRPC says of a connection that was closed without a word. */
  private static final String CLOSED = "Network closed for unknown reason";

  /** How Netty's native transports begin: the system call and the number of its error. */
  private static final String SYSTEM_CALL = "^\\w+\\(\\.\\.\\) failed( with error)?\\(-?\\d+\\): ";

  private final boolean tls;

  ConnectionWords(boolean tls) {
    this.tls = tls;
  }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<A> listener, Metadata headers) {
        super.start(
            new SimpleForwardingClientCallListener<>(listener) {
              @Override
              public void onClose(Status status, Metadata trailers) {
                super.onClose(told(status), trailers);
              }
            },
            headers);
      }
    };
  }

  private Status told(Status status) {
    return switch (status.getCode()) {
      case UNAVAILABLE, UNKNOWN, INTERNAL -> words(status).map(said(status)).orElse(status);
      default -> status;
    };
  }

  private static java.util.function.Function<String, Status> said(Status status) {
    LOG.debug("a connection failed: {}", status.getDescription(), status.getCause());
    return words -> status.withDescription(words).withCause(null);
  }

  /** Only failures of this end have a cause: causes do not travel. */
  private Optional<String> words(Status status) {
    Throwable cause = status.getCause();
    if (cause == null) {
      return CLOSED.equals(status.getDescription()) ? Optional.of(cut()) : Optional.empty();
    }
    String message = root(cause);
    if (has(cause, UnknownHostException.class)) {
      return Optional.of("unknown host: " + message);
    }
    if (has(cause, ConnectException.class) || has(cause, NoRouteToHostException.class)) {
      return Optional.of(message + "; is it running there?");
    }
    if (has(cause, GeneralSecurityException.class)) {
      return Optional.of("its certificate is not trusted here (" + message + ")");
    }
    if (has(cause, SSLException.class)) {
      return Optional.of(handshake(message));
    }
    if (has(cause, Http2Exception.class)) {
      return Optional.of("what listens there is no coordinator (" + message + ")");
    }
    return has(cause, java.io.IOException.class) ? Optional.of(cut()) : Optional.empty();
  }

  /** The other end's alerts come by their names in one of two spellings. */
  private static String handshake(String message) {
    String name = message.toLowerCase(Locale.ROOT).replace('_', ' ');
    if (name.contains("alert")) {
      return "it refused the TLS handshake; is the certificate shown one that it trusts? ("
          + message
          + ")";
    }
    return "no TLS is spoken there (" + message + ")";
  }

  private String cut() {
    return tls ? "the connection was cut" : "the connection was cut; is TLS expected there?";
  }

  private static boolean has(Throwable failure, Class<? extends Throwable> kind) {
    return chain(failure).anyMatch(kind::isInstance);
  }

  /** The root of a failure of the network, in one line. */
  static String root(Throwable failure) {
    Throwable root = chain(failure).reduce((former, latter) -> latter).orElse(failure);
    String line = String.valueOf(root.getMessage()).lines().findFirst().orElse("");
    return OneLine.of(line.replaceFirst(SYSTEM_CALL, "")); // a certificate's names may be in it
  }

  private static Stream<Throwable> chain(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause).limit(20);
  }
}
