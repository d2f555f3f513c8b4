package io.neurograft.simulator.bench.transfer;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The floor: one TCP connection over loopback, one thread that writes and one that reads, 256 KiB
 * at a time. Nothing is checked, hashed or encrypted.
 */
final class TcpCopy {
  private static final int BUFFER = 256 << 10;

  private TcpCopy() {}

  /** Copies bytes from memory to memory: one buffer is sent over and over. */
  static void memory(long bytes) throws IOException, InterruptedException {
    copy(bytes, Optional.empty(), Optional.empty());
  }

  /**
   * Copies a file: it is read, sent, written and forced to the disk.
   *
   * @param to is replaced
   */
  static void file(Path from, Path to) throws IOException, InterruptedException {
    try (FileChannel in = FileChannel.open(from, StandardOpenOption.READ);
        FileChannel out =
            FileChannel.open(
                to,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
      copy(in.size(), Optional.of(in), Optional.of(out));
    }
  }

  private static void copy(long bytes, Optional<FileChannel> from, Optional<FileChannel> to)
      throws IOException, InterruptedException {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      try (SocketChannel out = SocketChannel.open(server.getLocalAddress());
          SocketChannel in = server.accept()) {
        Thread sender = new Thread(() -> send(out, bytes, from), "tcp-sender");
        sender.start();
        receive(in, bytes, to);
        sender.join();
      }
    }
  }

  private static void send(SocketChannel out, long bytes, Optional<FileChannel> from) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    try {
      for (long left = bytes; left > 0; left -= buffer.limit()) {
        buffer.clear().limit((int) Math.min(BUFFER, left));
        if (from.isPresent()) {
          fill(from.get(), buffer);
        }
        while (buffer.hasRemaining()) {
          out.write(buffer);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void fill(FileChannel from, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (from.read(buffer) < 0) {
        throw new EOFException("the file became shorter while it was sent");
      }
    }
    buffer.flip();
  }

  private static void receive(SocketChannel in, long bytes, Optional<FileChannel> to)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    for (long left = bytes; left > 0; left -= buffer.position()) {
      buffer.clear().limit((int) Math.min(BUFFER, left));
      if (in.read(buffer) < 0) {
        throw new EOFException("the sender ended early");
      }
      if (to.isPresent()) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          to.get().write(buffer);
        }
      }
    }
    if (to.isPresent()) {
      to.get().force(true);
    }
  }
}
