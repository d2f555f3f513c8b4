package io.neurograft.neural.data;

import io.neurograft.neural.config.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A folder of PNG or JPEG images in a folder per class, these in {@code train} and {@code test}, or
 * not; then the seed decides which image is for testing. All images have one size; grey ones have
 * one channel, colour ones three. Classes are sorted by name.
 */
record ImageFolder(Path folder, long seed) implements DataSource {
  private record Labelled(ImageFile file, int label) {}

  @Override
  public Dataset open(Split split) {
    if (!Files.isDirectory(folder)) {
      throw fault(folder, "no such folder");
    }
    Path train = folder.resolve("train");
    Path test = folder.resolve("test");
    if (Files.isDirectory(train) != Files.isDirectory(test)) {
      throw fault(folder, "expected both train and test, or a folder per class");
    }
    if (!Files.isDirectory(train)) {
      return splitByHash(split);
    }
    List<String> classNames = classNames(train);
    List<Labelled> examples = examples(train, classNames);
    ImageFile first = examples.get(0).file();
    if (split == Split.TEST) {
      requireKnown(classNames(test), classNames, test);
      examples = examples(test, classNames);
    }
    return load(examples, classNames, first);
  }

  private Dataset splitByHash(Split split) {
    List<String> classNames = classNames(folder);
    List<Labelled> examples = examples(folder, classNames);
    HashSplit splits = new HashSplit(seed);
    List<Labelled> chosen =
        examples.stream()
            .filter(
                e -> splits.of(classNames.get(e.label()) + "/" + name(e.file().path())) == split)
            .toList();
    if (chosen.isEmpty()) {
      throw fault(folder, "of %d images none falls into this split".formatted(examples.size()));
    }
    return load(chosen, classNames, examples.get(0).file());
  }

  private static Dataset load(List<Labelled> examples, List<String> classNames, ImageFile first) {
    Picture shaped = first.read();
    byte[][] images = new byte[examples.size()][];
    int[] labels = new int[images.length];
    for (int i = 0; i < images.length; i++) {
      images[i] = examples.get(i).file().readLike(first, shaped).values();
      labels[i] = examples.get(i).label();
    }
    return new ImageData(shaped.shape(), classNames, images, labels);
  }

  private static List<String> classNames(Path parent) {
    List<String> names = list(parent, Files::isDirectory).stream().map(ImageFolder::name).toList();
    if (names.isEmpty()) {
      throw fault(parent, "expected a folder per class");
    }
    return names;
  }

  private static void requireKnown(List<String> names, List<String> known, Path parent) {
    Optional<String> unknown = names.stream().filter(name -> !known.contains(name)).findFirst();
    if (unknown.isPresent()) {
      throw fault(parent.resolve(unknown.get()), "expected a class that train has too");
    }
  }

  private static List<Labelled> examples(Path parent, List<String> classNames) {
    List<Labelled> examples = new ArrayList<>();
    for (int label = 0; label < classNames.size(); label++) {
      Path of = parent.resolve(classNames.get(label));
      // A class may be missing among the test images, but a folder without images is a mistake.
      List<Path> files = Files.isDirectory(of) ? list(of, ImageFolder::isImage) : List.of();
      if (files.isEmpty() && Files.isDirectory(of)) {
        throw fault(of, "expected .png, .jpg or .jpeg files");
      }
      for (Path file : files) {
        examples.add(new Labelled(new ImageFile(file), label));
      }
    }
    return examples;
  }

  private static boolean isImage(Path file) {
    String name = name(file).toLowerCase(Locale.ROOT);
    return name.endsWith(".png") || name.endsWith(".jpg") || name.endsWith(".jpeg");
  }

  /** The entries that are not hidden, sorted by name, in the same order on every machine. */
  private static List<Path> list(Path parent, Predicate<Path> wanted) {
    try (Stream<Path> entries = Files.list(parent)) {
      return entries
          .filter(entry -> !name(entry).startsWith("."))
          .filter(wanted)
          .sorted(Comparator.comparing(ImageFolder::name))
          .toList();
    } catch (IOException e) {
      throw ByteSource.unreadable(parent, e);
    }
  }

  private static String name(Path path) {
    Path name = path.getFileName();
    return name == null ? "" : name.toString();
  }

  private static InvalidInputException fault(Path place, String message) {
    return new InvalidInputException(place.toString(), message);
  }
}
