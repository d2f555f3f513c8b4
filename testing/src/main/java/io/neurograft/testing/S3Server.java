package io.neurograft.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/**
 * An S3-compatible store of its own for a test: S3Proxy over a folder, in a process of its own, on
 * a free port of this machine. It checks signatures; can be stopped and started over the same data.
 */
public final class S3Server implements AutoCloseable {
  private static final long PATIENCE_NANOS = 60_000_000_000L;
  private static final String ID = "test-identity";
  private static final String SECRET = "test-credential";

  private final Path folder;
  private final int port;
  private final AtomicInteger buckets = new AtomicInteger();

  /** Null while the server is down. */
  private @Nullable Process process;

  private S3Server(Path folder, int port) {
    this.folder = folder;
    this.port = port;
  }

  /**
   * Starts a server.
   *
   * @param folder where its data and its log lie
   * @throws TestAbortedException if it cannot run on this machine, so that the test is skipped
   */
  public static S3Server start(Path folder) {
    try {
      S3Server server = new S3Server(Files.createDirectories(folder), freePort());
      server.configure();
      server.start();
      return server;
    } catch (IOException e) {
      throw new TestAbortedException("no S3 server can be started here: " + e.getMessage(), e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }

  private void configure() throws IOException {
    Files.createDirectories(data());
    Files.write(
        folder.resolve("s3proxy.conf"),
        List.of(
            "s3proxy.authorization=aws-v2-or-v4",
            "s3proxy.endpoint=http://127.0.0.1:" + port,
            "s3proxy.identity=" + ID,
            "s3proxy.credential=" + SECRET,
            "jclouds.provider=filesystem-nio2",
            "jclouds.filesystem.basedir=" + data()));
    Files.writeString(
        credentials(),
        "[default]\naws_access_key_id = " + ID + "\naws_secret_access_key = " + SECRET + "\n");
  }

  private Path data() {
    return folder.resolve("s3");
  }

  /** Starts it again, over the data it had. */
  public void start() throws IOException {
    Process begun =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                jar(),
                "--properties",
                folder.resolve("s3proxy.conf").toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("s3.log").toFile()))
            .start();
    process = begun;
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!listens()) {
      if (!begun.isAlive() || System.nanoTime() > end) {
        stop();
        throw new IOException("it does not listen; see " + folder.resolve("s3.log"));
      }
      sleep();
    }
  }

  private boolean listens() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
      return true;
    } catch (IOException e) {
      return false; // not yet
    }
  }

  private static void sleep() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static String jar() throws IOException {
    Properties servers = new Properties();
    try (InputStream in = S3Server.class.getResourceAsStream("/servers.properties")) {
      servers.load(Objects.requireNonNull(in, "servers.properties"));
    }
    return servers.getProperty("s3proxy");
  }

  /** Makes an empty bucket, and gives its name. */
  public String newBucket() {
    String name = "bucket" + buckets.incrementAndGet();
    try {
      Files.createDirectories(data().resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return name;
  }

  /** The keys of a bucket's objects that begin with a prefix such as {@code runs/}. */
  public List<String> keys(String bucket, String prefix) {
    Path top = data().resolve(bucket);
    List<String> keys = new ArrayList<>();
    try {
      Files.walkFileTree(
          top,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              keys.add(top.relativize(file).toString());
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
              if (e instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE; // just deleted
              }
              throw e;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return keys.stream().filter(key -> key.startsWith(prefix)).sorted().toList();
  }

  /** Where it is. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** A file with the credentials that it takes. */
  public Path credentials() {
    return folder.resolve("s3.credentials");
  }

  /** Ends it at once; its data stay. */
  public void stop() {
    if (process != null) {
      process.destroyForcibly().onExit().join();
      process = null;
    }
  }

  /** Has it answer nothing, though it takes connections, until {@link #resume}. */
  public void pause() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** Has it answer again, also what it was asked meanwhile. */
  public void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    Signals.send(Objects.requireNonNull(process, "the server is down"), name);
  }

  @Override
  public void close() {
    stop();
  }
}
