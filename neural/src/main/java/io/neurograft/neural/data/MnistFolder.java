package io.neurograft.neural.data;

import io.neurograft.neural.config.InvalidInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A folder with the four IDX files of MNIST, Fashion-MNIST or a set that is laid out like them. */
record MnistFolder(Path folder) implements DataSource {
  private static final int IMAGES = 0x0803; // unsigned bytes, three dimensions
  private static final int LABELS = 0x0801; // unsigned bytes, one dimension
  private static final int MAX_SIDE = 4096;
  private static final List<String> CLASSES =
      List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");

  @Override
  public Dataset open(Split split) {
    String prefix = split == Split.TRAIN ? "train" : "t10k";
    int[] labels = labels(find(prefix, "labels", 1));
    return images(find(prefix, "images", 3), labels);
  }

  private Path find(String prefix, String what, int dimensions) {
    if (!Files.isDirectory(folder)) {
      throw new InvalidInputException(folder.toString(), "no such folder");
    }
    List<String> names = new ArrayList<>();
    for (String separator : List.of("-", ".")) {
      String name = "%s-%s%sidx%d-ubyte".formatted(prefix, what, separator, dimensions);
      names.add(name);
      names.add(name + ".gz");
    }
    return names.stream()
        .map(folder::resolve)
        .filter(Files::isRegularFile)
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidInputException(
                    folder.toString(), "expected one of the files " + String.join(", ", names)));
  }

  private static int[] labels(Path file) {
    try (ByteSource in = ByteSource.open(file)) {
      magic(in, LABELS, "labels");
      byte[] bytes = in.read(count(in), "labels");
      end(in);
      int[] labels = new int[bytes.length];
      for (int i = 0; i < bytes.length; i++) {
        labels[i] = bytes[i] & 0xff;
        if (labels[i] >= CLASSES.size()) {
          throw in.fault("label %d: expected a class 0 to 9, found %d".formatted(i, labels[i]));
        }
      }
      return labels;
    }
  }

  private static Dataset images(Path file, int[] labels) {
    try (ByteSource in = ByteSource.open(file)) {
      magic(in, IMAGES, "images");
      int count = count(in);
      if (count != labels.length) {
        throw in.fault(
            "expected %d images, as many as there are labels, found %d"
                .formatted(labels.length, count));
      }
      int height = side(in, "rows");
      int width = side(in, "columns");
      byte[][] images = new byte[count][]; // as many as labels were really read
      for (int i = 0; i < count; i++) {
        images[i] = in.read(height * width, "image " + i);
      }
      end(in);
      return new ImageData(List.of(1, height, width), CLASSES, images, labels);
    }
  }

  private static void magic(ByteSource in, int expected, String what) {
    int found = in.readInt("the magic number");
    if (found != expected) {
      throw in.fault(
          "expected the magic number 0x%08x of IDX %s, found 0x%08x"
              .formatted(expected, what, found));
    }
  }

  private static int count(ByteSource in) {
    int count = in.readInt("the number of items");
    if (count < 1) {
      throw in.fault("expected at least one item, found " + Integer.toUnsignedString(count));
    }
    return count;
  }

  private static int side(ByteSource in, String what) {
    int side = in.readInt("the number of " + what);
    if (side < 1 || side > MAX_SIDE) {
      throw in.fault("expected 1 to %d %s, found %d".formatted(MAX_SIDE, what, side));
    }
    return side;
  }

  private static void end(ByteSource in) {
    if (!in.atEnd()) {
      throw in.fault("expected the end of the file at byte " + in.position());
    }
  }
}
