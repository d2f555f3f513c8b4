package io.neurograft.client;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * What a proxy is to a node whose coordinator it does not reach: a server that speaks HTTP/2 (RFC
 * 9113) and answers each request by a status alone.
 */
final class StatusOnlyServer implements AutoCloseable {
  private static final int PREFACE_BYTES = 24;
  private static final int HEADERS = 1;
  private static final int SETTINGS = 4;
  private static final int ACK = 1;
  private static final int END_STREAM_AND_HEADERS = 5;

  private final ServerSocket server;
  private final Thread acceptor;
  private final BlockingQueue<Integer> answered = new LinkedBlockingQueue<>();
  private volatile int status;

  StatusOnlyServer(int port, int status) throws IOException {
    this.status = status;
    server = new ServerSocket(port, 10, InetAddress.getLoopbackAddress());
    acceptor =
        daemon(
            () -> {
              while (true) {
                Socket connection = server.accept();
                Thread unused = daemon(() -> serve(connection));
              }
            });
  }

  /** Waits for the next request that is answered, with this status from now on. */
  void awaitRequest(int next) throws InterruptedException {
    answered.clear();
    status = next;
    while (true) {
      Integer told = answered.poll(60, TimeUnit.SECONDS);
      if (told == null) {
        throw new AssertionError("waited 60 s for a request");
      }
      if (told == next) {
        return;
      }
    }
  }

  private void serve(Socket connection) throws IOException {
    try (connection;
        DataInputStream in = new DataInputStream(connection.getInputStream());
        DataOutputStream out = new DataOutputStream(connection.getOutputStream())) {
      in.skipNBytes(PREFACE_BYTES);
      frame(out, SETTINGS, 0, 0, new byte[0]);
      while (!server.isClosed()) {
        int length = in.readUnsignedShort() << 8 | in.readUnsignedByte();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        in.skipNBytes(length);
        if (type == SETTINGS && flags != ACK) {
          frame(out, SETTINGS, ACK, 0, new byte[0]);
        } else if (type == HEADERS) {
          int told = status;
          byte[] digits = Integer.toString(told).getBytes(StandardCharsets.US_ASCII);
          // HPACK: a literal with the name of the static table's entry 8, ":status".
          byte[] header = {8, 3, digits[0], digits[1], digits[2]};
          frame(out, HEADERS, END_STREAM_AND_HEADERS, stream, header);
          answered.add(told);
        }
      }
    }
  }

  private static void frame(DataOutputStream out, int type, int flags, int stream, byte[] payload)
      throws IOException {
    out.writeByte(0);
    out.writeShort(payload.length);
    out.writeByte(type);
    out.writeByte(flags);
    out.writeInt(stream);
    out.write(payload);
    out.flush();
  }

  private interface Task {
    void run() throws IOException;
  }

  private static Thread daemon(Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (IOException e) {
                // The other end, or the test, is done.
              }
            });
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Gives the port free: the system keeps it for as long as a thread waits in accept. */
  @Override
  public void close() throws IOException {
    server.close();
    try {
      acceptor.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
