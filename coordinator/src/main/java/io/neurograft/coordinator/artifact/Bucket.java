package io.neurograft.coordinator.artifact;

import io.neurograft.coordinator.store.StorageException;
import io.neurograft.neural.config.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A bucket of an S3-compatible store: objects that are put once, read and deleted, never changed.
 * It holds a file's bytes in memory a buffer at a time. For use by several threads.
 */
public final class Bucket implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Bucket.class);

  /** Above this size an object is put in parts of this size, or larger ones if it has too many. */
  private static final long PART_BYTES = 64L << 20;

  private static final long MOST_PARTS = 10_000;
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration SILENCE = Duration.ofSeconds(30);

  private final BucketSettings settings;
  private final S3Client s3;
  private final long partBytes;

  private Bucket(BucketSettings settings, S3Client s3, long partBytes) {
    this.settings = settings;
    this.s3 = s3;
    this.partBytes = partBytes;
  }

  /**
   * Opens a bucket.
   *
   * @throws InvalidInputException if it cannot be reached, does not exist, or refuses the
   *     credentials
   */
  public static Bucket open(BucketSettings settings) {
    return open(settings, PART_BYTES);
  }

  /**
   * @param partBytes size of the parts in which larger objects are put
   */
  static Bucket open(BucketSettings settings, long partBytes) {
    String place = "artifacts.bucket " + settings;
    S3Client s3 = client(settings, place);
    try {
      s3.headBucket(request -> request.bucket(settings.name()));
      return new Bucket(settings, s3, partBytes);
    } catch (S3Exception e) {
      s3.close();
      throw new InvalidInputException(place, "cannot be used: " + refusal(e));
    } catch (SdkException e) {
      s3.close();
      throw new InvalidInputException(place, "cannot be reached: " + why(e));
    }
  }

  private static S3Client client(BucketSettings settings, String place) {
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClientBuilder(
                UrlConnectionHttpClient.builder().connectionTimeout(CONNECT).socketTimeout(SILENCE))
            .credentialsProvider(credentials(settings, place))
            .region(Region.of(settings.region()))
            // Only Amazon's own store knows the newer checksums; digests are checked here.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
    settings.endpoint().ifPresent(at -> builder.endpointOverride(at).forcePathStyle(true));
    return builder.build();
  }

  private static AwsCredentialsProvider credentials(BucketSettings settings, String place) {
    AwsCredentialsProvider provider =
        settings
            .credentials()
            .<AwsCredentialsProvider>map(
                file ->
                    ProfileCredentialsProvider.builder()
                        .profileFile(
                            () ->
                                ProfileFile.builder()
                                    .content(file)
                                    .type(ProfileFile.Type.CREDENTIALS)
                                    .build())
                        .profileName("default")
                        .build())
            .orElseGet(EnvironmentVariableCredentialsProvider::create);
    try {
      provider.resolveCredentials();
      return provider;
    } catch (RuntimeException e) {
      throw new InvalidInputException(
          place,
          settings
              .credentials()
              .map(
                  file ->
                      "expected credentials of a profile [default] in "
                          + file
                          + ": aws_access_key_id and aws_secret_access_key")
              .orElse(
                  "expected credentials in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or in a"
                      + " file that artifacts.credentials names"));
    }
  }

  private static String refusal(S3Exception e) {
    return switch (e.statusCode()) {
      case 404 -> "there is no such bucket";
      case 401, 403 -> "the store refuses these credentials";
      case 301 -> "the bucket is in another region";
      default -> why(e);
    };
  }

  private static String why(SdkException e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String told =
        e instanceof SdkClientException ? root.toString() : String.valueOf(e.getMessage());
    return told.lines().findFirst().orElse("unknown");
  }

  /**
   * Puts a file's bytes.
   *
   * @throws StorageException if the bucket does not take them
   */
  public void put(String object, Path file) {
    put(object, file, () -> true);
  }

  /**
   * Puts a file's bytes, if they are wanted until they are there.
   *
   * @param wanted is asked after each part, where there are several
   * @return false if they were not, so that there is no such object
   * @throws StorageException if the bucket does not take them
   */
  boolean put(String object, Path file, BooleanSupplier wanted) {
    String key = key(object);
    return asked(
        () -> {
          long size = size(file);
          if (size > partBytes) {
            return putInParts(key, file, size, wanted);
          }
          s3.putObject(r -> r.bucket(settings.name()).key(key), RequestBody.fromFile(file));
          return true;
        });
  }

  private boolean putInParts(String key, Path file, long size, BooleanSupplier wanted) {
    long part = Math.max(partBytes, (size + MOST_PARTS - 1) / MOST_PARTS);
    String upload = s3.createMultipartUpload(r -> r.bucket(settings.name()).key(key)).uploadId();
    try {
      List<CompletedPart> parts = new ArrayList<>();
      for (long from = 0; from < size; from += part) {
        int number = parts.size() + 1;
        RequestBody body = slice(file, from, Math.min(part, size - from));
        String tag =
            s3.uploadPart(
                    r -> r.bucket(settings.name()).key(key).uploadId(upload).partNumber(number),
                    body)
                .eTag();
        parts.add(CompletedPart.builder().partNumber(number).eTag(tag).build());
        if (!wanted.getAsBoolean()) {
          abort(key, upload);
          return false;
        }
      }
      s3.completeMultipartUpload(
          r ->
              r.bucket(settings.name())
                  .key(key)
                  .uploadId(upload)
                  .multipartUpload(all -> all.parts(parts)));
      return true;
    } catch (RuntimeException e) {
      abort(key, upload);
      throw e;
    }
  }

  private void abort(String key, String upload) {
    try {
      s3.abortMultipartUpload(r -> r.bucket(settings.name()).key(key).uploadId(upload));
    } catch (SdkException e) {
      LOG.debug("an upload could not be given up; deleteUnfinished finds it later", e);
    }
  }

  /** Some bytes of a file, read anew each time they are sent. */
  private static RequestBody slice(Path file, long from, long length) {
    ContentStreamProvider bytes =
        () -> {
          try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ).position(from);
            return new BoundedStream(Channels.newInputStream(channel), length);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        };
    return RequestBody.fromContentProvider(bytes, length, "application/octet-stream");
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The bytes of an object, from an offset on; the caller closes it.
   *
   * @throws StorageException if the bucket does not give them
   */
  public InputStream read(String object, long offset) {
    return asked(
        () ->
            s3.getObject(
                r -> r.bucket(settings.name()).key(key(object)).range("bytes=" + offset + "-")));
  }

  /**
   * The bytes of an object, if it is there; the caller closes them.
   *
   * @throws StorageException if the bucket does not tell
   */
  Optional<InputStream> find(String object) {
    return asked(
        () -> {
          try {
            return Optional.of(s3.getObject(r -> r.bucket(settings.name()).key(key(object))));
          } catch (NoSuchKeyException e) {
            return Optional.empty();
          }
        });
  }

  /**
   * Deletes an object, if it is there.
   *
   * @throws StorageException if the bucket does not do it
   */
  public void delete(String object) {
    asked(() -> s3.deleteObject(r -> r.bucket(settings.name()).key(key(object))));
  }

  /**
   * Hands over the names of all objects, some at a time.
   *
   * @throws StorageException if the bucket does not tell them
   */
  public void forEach(Consumer<List<String>> visitor) {
    String after = "";
    boolean more = true;
    while (more) {
      String last = after;
      ListObjectsV2Response page =
          asked(
              () ->
                  s3.listObjectsV2(
                      r -> r.bucket(settings.name()).prefix(settings.prefix()).startAfter(last)));
      List<String> keys = page.contents().stream().map(S3Object::key).toList();
      visitor.accept(keys.stream().map(key -> key.substring(settings.prefix().length())).toList());
      more = Boolean.TRUE.equals(page.isTruncated()) && !keys.isEmpty();
      after = more ? keys.get(keys.size() - 1) : "";
    }
  }

  /**
   * Gives up what was begun to be put in parts before a time and not finished.
   *
   * @param known tells which of some objects' names stay, because somebody may still put them
   * @throws StorageException if the bucket does not do it
   */
  public void deleteUnfinished(Instant before, UnaryOperator<Set<String>> known) {
    List<MultipartUpload> old =
        asked(
                () ->
                    s3.listMultipartUploads(
                            r -> r.bucket(settings.name()).prefix(settings.prefix()))
                        .uploads())
            .stream()
            .filter(upload -> upload.initiated().isBefore(before))
            .toList();
    Set<String> kept = known.apply(old.stream().map(this::object).collect(Collectors.toSet()));
    for (MultipartUpload upload : old) {
      if (!kept.contains(object(upload))) {
        asked(
            () ->
                s3.abortMultipartUpload(
                    r -> r.bucket(settings.name()).key(upload.key()).uploadId(upload.uploadId())));
      }
    }
  }

  private String object(MultipartUpload upload) {
    return upload.key().substring(settings.prefix().length());
  }

  private String key(String object) {
    return settings.prefix() + object;
  }

  private <T> T asked(Supplier<T> request) {
    try {
      return request.get();
    } catch (SdkException e) {
      String told = e instanceof S3Exception refused ? refusal(refused) : why(e);
      throw new StorageException("the bucket " + settings + " cannot be used: " + told, e);
    }
  }

  /** The bucket for a person. */
  @Override
  public String toString() {
    return settings.toString();
  }

  @Override
  public void close() {
    s3.close();
  }
}
