package io.neurograft.testing.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** A test's seeds: the files of the folder beside its class that has the class's name. */
final class Corpus {
  private Corpus() {}

  /**
   * The seeds by their files' names, sorted.
   *
   * @throws AssertionError if there are none
   */
  static Map<String, byte[]> of(Class<?> test) {
    URL place = test.getResource(test.getSimpleName());
    if (place == null) {
      throw new AssertionError("expected seeds in src/test/resources, " + test.getName());
    }
    Map<String, byte[]> seeds = new LinkedHashMap<>();
    try (Stream<Path> files = Files.list(Path.of(place.toURI()))) {
      for (Path file : files.sorted().toList()) {
        seeds.put(String.valueOf(file.getFileName()), Files.readAllBytes(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
    return seeds;
  }
}
