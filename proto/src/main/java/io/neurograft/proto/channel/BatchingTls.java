package io.neurograft.proto.channel;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.SslContext;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;

/**
 * A context whose engines take all TLS records that one read from the socket has brought at once.
 * gRPC asks a context for bare engines, and those of BoringSSL stick to the JDK's way then: one
 * record of 16 KiB a call, each in a buffer of its own. Engines that a context makes for its own
 * handlers do not; they are the same otherwise.
 */
final class BatchingTls extends SslContext {
  private final SslContext context;

  BatchingTls(SslContext context) {
    this.context = context;
  }

  @Override
  public boolean isClient() {
    return context.isClient();
  }

  @Override
  public List<String> cipherSuites() {
    return context.cipherSuites();
  }

  @Override
  @SuppressWarnings("deprecation") // a context must have this
  public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
    return context.applicationProtocolNegotiator();
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator buffers) {
    return context.newHandler(buffers).engine();
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator buffers, String host, int port) {
    return context.newHandler(buffers, host, port).engine();
  }

  @Override
  public SSLSessionContext sessionContext() {
    return context.sessionContext();
  }
}
