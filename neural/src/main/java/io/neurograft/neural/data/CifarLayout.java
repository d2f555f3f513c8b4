package io.neurograft.neural.data;

import io.neurograft.neural.config.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** How one of the CIFAR sets is laid out in files. */
enum CifarLayout {
  /** One label byte, then the image; ten classes. */
  CIFAR10("cifar-10-batches-bin", "batches.meta.txt", 1) {
    @Override
    List<String> files(Split split) {
      return split == Split.TEST
          ? List.of("test_batch.bin")
          : IntStream.rangeClosed(1, 5).mapToObj("data_batch_%d.bin"::formatted).toList();
    }

    @Override
    List<String> defaultNames() {
      return List.of(
          "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");
    }
  },
  /** A coarse label byte, a fine one, then the image; a hundred fine classes. */
  CIFAR100("cifar-100-binary", "fine_label_names.txt", 2) {
    @Override
    List<String> files(Split split) {
      return List.of(split == Split.TEST ? "test.bin" : "train.bin");
    }

    @Override
    List<String> defaultNames() {
      return IntStream.range(0, 100).mapToObj(Integer::toString).toList();
    }
  };

  private final String archiveFolder;
  private final String namesFile;
  private final int labelBytes;

  CifarLayout(String archiveFolder, String namesFile, int labelBytes) {
    this.archiveFolder = archiveFolder;
    this.namesFile = namesFile;
    this.labelBytes = labelBytes;
  }

  abstract List<String> files(Split split);

  abstract List<String> defaultNames();

  String archiveFolder() {
    return archiveFolder;
  }

  int labelBytes() {
    return labelBytes;
  }

  /** The names in the archive's own list, or the default ones where the list is not there. */
  List<String> classNames(Path folder) {
    Path file = folder.resolve(namesFile);
    if (!Files.exists(file)) {
      return defaultNames();
    }
    List<String> names;
    try {
      names =
          Files.readAllLines(file).stream()
              .map(String::strip)
              .filter(line -> !line.isEmpty())
              .toList();
    } catch (IOException e) {
      throw ByteSource.unreadable(file, e);
    }
    int expected = defaultNames().size();
    if (names.size() != expected) {
      throw new InvalidInputException(
          file.toString(),
          "expected %d class names, one per line, found %d".formatted(expected, names.size()));
    }
    return names;
  }
}
