package io.neurograft.neural.data;

import io.neurograft.neural.config.InvalidInputException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * The name of a data source: {@code scheme:path?option=value&option=value}.
 *
 * <ul>
 *   <li>{@code glyphs?train=6000&test=2000&seed=1}: digits drawn by the program
 *   <li>{@code mnist:DIR}: IDX files, gzipped or not; Fashion-MNIST has the same
 *   <li>{@code cifar10:DIR}, {@code cifar100:DIR}: the official binary files; fine labels
 *   <li>{@code images:DIR?seed=42}: PNG or JPEG files, DIR/train/CLASS and DIR/test/CLASS, or
 *       DIR/CLASS and every fifth image for testing
 *   <li>{@code csv:FILE?label=COLUMN&seed=42}: numbers below a header row, every fifth row for
 *       testing
 * </ul>
 *
 * A relative path is resolved against the process's folder.
 */
public final class DataUri {
  private static final String KNOWN =
      "glyphs, mnist:DIR, cifar10:DIR, cifar100:DIR, images:DIR, csv:FILE?label=COLUMN";

  private DataUri() {}

  /**
   * Reads the examples of one split into memory.
   *
   * @throws InvalidInputException if the URI is wrong, or a file is missing or not as expected
   */
  public static Dataset open(String uri, Split split) {
    return parse(uri).open(split);
  }

  /**
   * Checks scheme, path and options without reading anything.
   *
   * @throws InvalidInputException naming every fault
   */
  public static void check(String uri) {
    parse(uri);
  }

  static DataSource parse(String uri) {
    int query = uri.indexOf('?');
    String place = query < 0 ? uri : uri.substring(0, query);
    int colon = place.indexOf(':');
    String scheme = colon < 0 ? place : place.substring(0, colon);
    String path = colon < 0 ? "" : place.substring(colon + 1);
    UriOptions options = UriOptions.parse("data " + uri, query < 0 ? "" : uri.substring(query + 1));
    DataSource source =
        switch (scheme) {
          case "glyphs" -> glyphs(path, options);
          case "mnist" -> new MnistFolder(place(path, scheme + ":DIR", options));
          case "cifar10" -> cifar(CifarLayout.CIFAR10, path, scheme, options);
          case "cifar100" -> cifar(CifarLayout.CIFAR100, path, scheme, options);
          case "images" -> new ImageFolder(place(path, scheme + ":DIR", options), seed(options));
          case "csv" -> csv(path, options);
          default -> throw unknown(uri, scheme);
        };
    options.throwFaults();
    return source;
  }

  private static Glyphs glyphs(String path, UriOptions options) {
    if (!path.isEmpty()) {
      options.fault("glyphs", "is built in and takes no path, found " + path);
    }
    return new Glyphs(
        (int) options.integer("train", 1, Glyphs.MAX_SIZE, 6000),
        (int) options.integer("test", 1, Glyphs.MAX_SIZE, 2000),
        options.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE, 1));
  }

  private static CifarFolder cifar(
      CifarLayout layout, String path, String scheme, UriOptions options) {
    return new CifarFolder(place(path, scheme + ":DIR", options), layout);
  }

  private static CsvTable csv(String path, UriOptions options) {
    Path file = place(path, "csv:FILE?label=COLUMN", options);
    String label = options.text("label").orElse("");
    if (label.isEmpty()) {
      options.fault("label", "is missing, as in csv:FILE?label=COLUMN");
    }
    return new CsvTable(file, label, seed(options));
  }

  private static long seed(UriOptions options) {
    return options.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE, 42);
  }

  private static Path place(String path, String form, UriOptions options) {
    try {
      if (!path.isBlank()) {
        return Path.of(path);
      }
    } catch (InvalidPathException e) {
      // The fault below says what was expected.
    }
    options.fault("path", "expected one, as in " + form);
    return Path.of("");
  }

  private static InvalidInputException unknown(String uri, String scheme) {
    return new InvalidInputException(
        "data " + uri, "unknown kind of data \"" + scheme + "\", expected one of " + KNOWN);
  }
}
