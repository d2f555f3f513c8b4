package io.neurograft.neural.data;

import io.neurograft.neural.config.InvalidInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A folder with CIFAR-10 or CIFAR-100 in the official binary layout, 3 x 32 x 32. */
record CifarFolder(Path folder, CifarLayout layout) implements DataSource {
  private static final int SIDE = 32;
  private static final int PIXELS = 3 * SIDE * SIDE;

  @Override
  public Dataset open(Split split) {
    Path place = place();
    List<String> classNames = layout.classNames(place);
    List<byte[]> images = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (String name : layout.files(split)) {
      readBatch(place.resolve(name), classNames.size(), images, labels);
    }
    return new ImageData(
        List.of(3, SIDE, SIDE),
        classNames,
        images.toArray(byte[][]::new),
        labels.stream().mapToInt(Integer::intValue).toArray());
  }

  /** The folder itself, or the one that the official archive makes inside it. */
  private Path place() {
    if (!Files.isDirectory(folder)) {
      throw new InvalidInputException(folder.toString(), "no such folder");
    }
    Path inner = folder.resolve(layout.archiveFolder());
    return Files.isDirectory(inner) ? inner : folder;
  }

  private void readBatch(Path file, int classes, List<byte[]> images, List<Integer> labels) {
    int header = layout.labelBytes();
    try (ByteSource in = ByteSource.open(file)) {
      int count = 0;
      for (; !in.atEnd(); count++) {
        byte[] example = in.read(header + PIXELS, "image " + count);
        int label = example[header - 1] & 0xff; // the fine label comes last
        if (label >= classes) {
          throw in.fault(
              "image %d: expected a class 0 to %d, found %d".formatted(count, classes - 1, label));
        }
        labels.add(label);
        images.add(Arrays.copyOfRange(example, header, example.length));
      }
      if (count == 0) {
        throw in.fault("is empty, expected images of " + (header + PIXELS) + " bytes");
      }
    }
  }
}
