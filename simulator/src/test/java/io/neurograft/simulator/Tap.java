package io.neurograft.simulator;

import com.google.protobuf.ByteString;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A wire that is tapped: forwards connections, and keeps every byte that the client sends. */
final class Tap implements AutoCloseable {
  /** Every HTTP/2 connection of a client begins with these 24 bytes. */
  private static final int PREFACE = 24;

  /** What a call sent. */
  record Call(String path, List<ByteString> messages) {}

  private final ServerSocket server;
  private final int target;
  private final List<ByteArrayOutputStream> sent = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  Tap(int target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        Socket coordinator = new Socket(InetAddress.getLoopbackAddress(), target);
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        sent.add(record);
        threads.execute(() -> forward(client, coordinator, record));
        threads.execute(() -> forward(coordinator, client, OutputStream.nullOutputStream()));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private static void forward(Socket from, Socket to, OutputStream record) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      byte[] buffer = new byte[1 << 16];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        record.write(buffer, 0, count);
        to.getOutputStream().write(buffer, 0, count);
      }
    } catch (IOException e) {
      // one of them has gone
    }
  }

  /** All bytes that the client sent, connection by connection. */
  List<byte[]> bytes() {
    return sent.stream().map(ByteArrayOutputStream::toByteArray).toList();
  }

  /** What the client's calls sent, as far as their frames are complete. */
  List<Call> calls() throws Http2Exception {
    List<Call> calls = new ArrayList<>();
    for (byte[] connection : bytes()) {
      if (connection.length > PREFACE) {
        calls.addAll(calls(connection));
      }
    }
    return calls;
  }

  private static List<Call> calls(byte[] connection) throws Http2Exception {
    Map<Integer, String> paths = new LinkedHashMap<>();
    Map<Integer, ByteArrayOutputStream> data = new LinkedHashMap<>();
    ByteBuf frames = Unpooled.wrappedBuffer(connection, PREFACE, connection.length - PREFACE);
    EmbeddedChannel channel =
        new EmbeddedChannel(new io.netty.channel.ChannelInboundHandlerAdapter());
    try (DefaultHttp2FrameReader reader = new DefaultHttp2FrameReader()) {
      reader.readFrame(
          channel.pipeline().firstContext(),
          frames,
          new Http2FrameAdapter() {
            @Override
            public int onDataRead(
                ChannelHandlerContext context, int stream, ByteBuf read, int padding, boolean end) {
              byte[] copy = new byte[read.readableBytes()];
              read.getBytes(read.readerIndex(), copy);
              data.computeIfAbsent(stream, s -> new ByteArrayOutputStream()).writeBytes(copy);
              return copy.length + padding;
            }

            @Override
            public void onHeadersRead(
                ChannelHandlerContext context,
                int stream,
                Http2Headers headers,
                int dependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean end) {
              paths.putIfAbsent(stream, String.valueOf(headers.path()));
            }

            @Override
            public void onHeadersRead(
                ChannelHandlerContext context,
                int stream,
                Http2Headers headers,
                int padding,
                boolean end) {
              paths.putIfAbsent(stream, String.valueOf(headers.path()));
            }
          });
    } finally {
      channel.finishAndReleaseAll();
    }
    List<Call> calls = new ArrayList<>();
    paths.forEach(
        (stream, path) ->
            calls.add(
                new Call(
                    path,
                    messages(
                        data.getOrDefault(stream, new ByteArrayOutputStream()).toByteArray()))));
    return calls;
  }

  /** A message has a flag and its length before it. */
  private static List<ByteString> messages(byte[] data) {
    List<ByteString> messages = new ArrayList<>();
    ByteBuf buffer = Unpooled.wrappedBuffer(data);
    while (buffer.readableBytes() >= 5) {
      if (buffer.readByte() != 0) {
        throw new IllegalStateException("a compressed message");
      }
      int length = buffer.readInt();
      if (buffer.readableBytes() < length) {
        throw new IllegalStateException("a message that was cut off");
      }
      byte[] message = new byte[length];
      buffer.readBytes(message);
      messages.add(ByteString.copyFrom(message));
    }
    return messages;
  }

  @Override
  public void close() throws IOException {
    server.close();
    threads.shutdownNow();
  }
}
