package io.neurograft.simulator.chaos.transfer;

import com.google.protobuf.InvalidProtocolBufferException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;

/** One direction of an HTTP/2 connection in plain text, read frame by frame for gRPC's messages. */
final class FrameStream implements AutoCloseable {
  /** Every connection of a client begins with so many bytes. */
  static final int PREFACE = 24;

  /** A message has a flag and its length before it. */
  private static final int MESSAGE_HEADER = 5;

  /** Hears a message of a call. */
  interface Messages {
    void message(int stream, byte[] message) throws InvalidProtocolBufferException;
  }

  private final BiConsumer<Integer, String> opened;
  private final IntPredicate watched;
  private final Messages messages;
  private final IntConsumer ended;
  private final DefaultHttp2FrameReader reader = new DefaultHttp2FrameReader();
  private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
  private final Map<Integer, ByteBuf> begun = new HashMap<>(); // messages, by stream
  private final Frames frames = new Frames();
  private ByteBuf unread = Unpooled.buffer();
  private int skip;

  /**
   * @param skip bytes before the first frame
   * @param opened hears the path of each call
   * @param watched which calls' messages are wanted
   * @param ended hears the streams that this direction has ended
   */
  FrameStream(
      int skip,
      BiConsumer<Integer, String> opened,
      IntPredicate watched,
      Messages messages,
      IntConsumer ended) {
    this.skip = skip;
    this.opened = opened;
    this.watched = watched;
    this.messages = messages;
    this.ended = ended;
  }

  /**
   * Reads on.
   *
   * @throws IllegalStateException if these bytes are no HTTP/2
   */
  void read(byte[] bytes, int length) {
    int skipped = Math.min(skip, length);
    skip -= skipped;
    unread.writeBytes(bytes, skipped, length - skipped);
    try {
      reader.readFrame(channel.pipeline().firstContext(), unread, frames);
    } catch (Http2Exception e) {
      throw new IllegalStateException("a wire carries something else than HTTP/2", e);
    }
    unread.discardReadBytes();
  }

  private void data(int stream, ByteBuf data) {
    ByteBuf message = begun.computeIfAbsent(stream, s -> Unpooled.buffer());
    message.writeBytes(data);
    while (message.readableBytes() >= MESSAGE_HEADER) {
      int length = message.getInt(message.readerIndex() + 1);
      if (message.readableBytes() - MESSAGE_HEADER < length) {
        break;
      }
      if (message.readByte() != 0) {
        throw new IllegalStateException("a message is compressed");
      }
      message.skipBytes(Integer.BYTES);
      byte[] whole = new byte[length];
      message.readBytes(whole);
      try {
        messages.message(stream, whole);
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException("a message of another kind than expected", e);
      }
    }
    message.discardReadBytes();
  }

  private void end(int stream) {
    begun.remove(stream);
    ended.accept(stream);
  }

  @Override
  public void close() {
    reader.close();
    channel.finishAndReleaseAll();
    unread = Unpooled.EMPTY_BUFFER;
    begun.clear();
  }

  private final class Frames extends Http2FrameAdapter {
    @Override
    public int onDataRead(
        ChannelHandlerContext context, int stream, ByteBuf data, int padding, boolean end) {
      int length = data.readableBytes();
      if (watched.test(stream)) {
        data(stream, data);
      }
      if (end) {
        end(stream);
      }
      return length + padding;
    }

    @Override
    public void onHeadersRead(
        ChannelHandlerContext context, int stream, Http2Headers headers, int padding, boolean end) {
      headers(stream, headers, end);
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
      headers(stream, headers, end);
    }

    private void headers(int stream, Http2Headers headers, boolean end) {
      if (headers.path() != null) {
        opened.accept(stream, headers.path().toString());
      }
      if (end) {
        end(stream);
      }
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext context, int stream, long errorCode) {
      end(stream);
    }
  }
}
