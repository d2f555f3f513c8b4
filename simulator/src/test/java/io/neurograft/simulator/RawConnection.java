package io.neurograft.simulator;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Headers;
import io.neurograft.proto.channel.Endpoint;
import io.neurograft.proto.identity.Pem;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * HTTP/2 over TLS as no library writes it: frames go out as they are given, in any order and of any
 * content, and what comes back is kept. It shows no certificate and answers nothing by itself.
 */
final class RawConnection implements AutoCloseable {
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int PATIENCE_MILLIS = 10_000;
  private static final int LARGEST_FRAME = 1 << 14;

  private final SSLSocket socket;
  private final OutputStream out;
  private final Answers answers = new Answers();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  private RawConnection(SSLSocket socket) throws IOException {
    this.socket = socket;
    this.out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
    Thread reader = new Thread(this::read, "raw-connection");
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Connects, with TLS 1.3; nothing of HTTP/2 is said yet.
   *
   * @param trust the authority's certificate, in PEM
   */
  static RawConnection open(Endpoint server, Path trust)
      throws IOException, GeneralSecurityException {
    SSLSocket socket = (SSLSocket) context(trust).getSocketFactory().createSocket();
    try {
      socket.connect(new InetSocketAddress(server.host(), server.port()), PATIENCE_MILLIS);
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.setSSLParameters(parameters());
      socket.startHandshake();
      socket.setSoTimeout(0);
      return new RawConnection(socket);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /** What a client of HTTP/2 asks for in its handshake. */
  static SSLParameters parameters() {
    SSLParameters parameters = new SSLParameters();
    parameters.setProtocols(new String[] {"TLSv1.3"});
    parameters.setApplicationProtocols(new String[] {"h2"});
    return parameters;
  }

  /** Trusts one authority. */
  static SSLContext context(Path trust) throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    trusted.setCertificateEntry("authority", Pem.certificates(trust).get(0));
    TrustManagerFactory trusts =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trusts.init(trusted);
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(null, trusts.getTrustManagers(), null);
    return context;
  }

  /**
   * Says what every client of HTTP/2 begins with: the preface, settings, here none, and that it has
   * heard of the server's, without which windows stay small.
   */
  RawConnection begin() throws IOException {
    out.write(PREFACE);
    frame(Http2FrameTypes.SETTINGS, 0, 0, new byte[0]);
    return frame(Http2FrameTypes.SETTINGS, Http2Flags.ACK, 0, new byte[0]);
  }

  /** Writes bytes as they are. */
  RawConnection bytes(byte[] bytes) throws IOException {
    out.write(bytes);
    return this;
  }

  /** Writes a frame; its content may be wrong. */
  RawConnection frame(int type, int flags, int stream, byte[] payload) throws IOException {
    out.write(
        ByteBuffer.allocate(9)
            .putInt((payload.length << 8) | type)
            .put((byte) flags)
            .putInt(stream)
            .array());
    out.write(payload);
    return this;
  }

  /** Opens a stream by a call's headers. */
  RawConnection call(int stream, String method, String... more) throws IOException {
    return frame(Http2FrameTypes.HEADERS, Http2Flags.END_HEADERS, stream, headers(method, more));
  }

  /** Sends data, in as many frames as they need. */
  RawConnection data(int stream, byte[] data) throws IOException {
    for (int at = 0; at < data.length; at += LARGEST_FRAME) {
      byte[] part = Arrays.copyOfRange(data, at, Math.min(data.length, at + LARGEST_FRAME));
      frame(Http2FrameTypes.DATA, 0, stream, part);
    }
    return this;
  }

  /** Says that no more comes on a stream. */
  RawConnection end(int stream) throws IOException {
    return frame(Http2FrameTypes.DATA, Http2Flags.END_STREAM, stream, new byte[0]);
  }

  /** The headers of a call, and more by name and value; none is compressed or remembered. */
  static byte[] headers(String method, String... more) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    String[] usual = {
      ":method",
      "POST",
      ":scheme",
      "https",
      ":path",
      "/" + method,
      ":authority",
      "localhost",
      "te",
      "trailers",
      "content-type",
      "application/grpc"
    };
    for (String[] all : new String[][] {usual, more}) {
      for (int i = 0; i < all.length; i += 2) {
        header(block, all[i], all[i + 1]);
      }
    }
    return block.toByteArray();
  }

  /** One header, neither compressed nor remembered. */
  static void header(ByteArrayOutputStream block, String name, String value) {
    block.write(0);
    text(block, name);
    text(block, value);
  }

  /** A text as HPACK writes it: its length, in 7 bits and then as many as it needs, and itself. */
  static void text(ByteArrayOutputStream block, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    if (bytes.length < 127) {
      block.write(bytes.length);
    } else {
      block.write(127);
      int rest = bytes.length - 127;
      for (; rest >= 128; rest >>= 7) {
        block.write((rest & 127) | 128);
      }
      block.write(rest);
    }
    block.writeBytes(bytes);
  }

  /** Sends what was written. */
  RawConnection flush() throws IOException {
    out.flush();
    return this;
  }

  /** What came back so far. */
  Answers answers() {
    return answers;
  }

  /** Whether the server has closed the connection. */
  boolean isCut() {
    return ended.isDone();
  }

  /**
   * Waits until the server closes the connection.
   *
   * @throws TimeoutException if it does not within the time
   */
  void awaitEnd(Duration patience) throws InterruptedException, TimeoutException {
    try {
      ended.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the reader failed", e);
    }
  }

  private void read() {
    EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
    ByteBuf unread = Unpooled.buffer();
    try (DefaultHttp2FrameReader frames = new DefaultHttp2FrameReader(false)) {
      InputStream in = socket.getInputStream();
      byte[] buffer = new byte[1 << 14];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        unread.writeBytes(buffer, 0, count);
        frames.readFrame(channel.pipeline().firstContext(), unread, answers);
        unread.discardReadBytes();
      }
      ended.complete(null);
    } catch (IOException e) {
      ended.complete(null); // reset
    } catch (Http2Exception | RuntimeException e) {
      ended.completeExceptionally(e);
    } finally {
      unread.release();
      channel.finishAndReleaseAll();
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** What a server answered. */
  static final class Answers extends Http2FrameAdapter {
    private final Map<Integer, String> statuses = new ConcurrentHashMap<>();
    private final Map<Integer, Long> resets = new ConcurrentHashMap<>();
    private volatile String goodbye = "";

    /** How a call ended: the code of gRPC and its words; empty if it has not. */
    String status(int stream) {
      return statuses.getOrDefault(stream, "");
    }

    /** How many streams the server has reset. */
    int resets() {
      return resets.size();
    }

    /**
     * Why the server ends the connection: the code of HTTP/2 and its words; empty if it has not.
     */
    String goodbye() {
      return goodbye;
    }

    @Override
    public void onHeadersRead(
        ChannelHandlerContext context, int stream, Http2Headers headers, int padding, boolean end) {
      CharSequence code = headers.get("grpc-status");
      if (code != null) {
        statuses.put(stream, code + " " + headers.get("grpc-message"));
      }
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext context, int stream, long code) {
      resets.put(stream, code);
    }

    @Override
    public void onGoAwayRead(ChannelHandlerContext context, int last, long code, ByteBuf words) {
      goodbye = code + " " + new String(ByteBufUtil.getBytes(words), StandardCharsets.US_ASCII);
    }
  }
}
