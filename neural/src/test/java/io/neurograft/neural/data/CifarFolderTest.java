package io.neurograft.neural.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neurograft.neural.config.InvalidInputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarFolderTest {
  @TempDir private Path folder;

  @Test
  void open_cifar10_fiveBatchesInOrder() throws IOException {
    for (int batch = 1; batch <= 5; batch++) {
      write("data_batch_" + batch + ".bin", image(batch), image(9));
    }
    write("test_batch.bin", image(0));
    Dataset train = DataUri.open("cifar10:" + folder, Split.TRAIN);
    assertThat(train.shape()).containsExactly(3, 32, 32);
    assertThat(train.labels()).containsExactly(1, 9, 2, 9, 3, 9, 4, 9, 5, 9);
    assertThat(train.classNames()).startsWith("airplane").endsWith("truck").hasSize(10);
    float[] values = new float[train.exampleSize()];
    train.read(0, values, 0);
    assertThat(values[1]).isEqualTo(1 / 255f);
    assertThat(values[3071]).isEqualTo((3071 % 256) / 255f);
    assertThat(DataUri.open("cifar10:" + folder, Split.TEST).labels()).containsExactly(0);
  }

  @Test
  void open_cifar100_fineLabelsAndTheirNames() throws IOException {
    Files.createDirectory(folder.resolve("cifar-100-binary"));
    write("cifar-100-binary/train.bin", image(4, 99), image(19, 0));
    Dataset train = DataUri.open("cifar100:" + folder, Split.TRAIN);
    assertThat(train.labels()).containsExactly(99, 0);
    assertThat(train.classes()).isEqualTo(100);

    Path names = folder.resolve("cifar-100-binary/fine_label_names.txt");
    Files.write(names, IntStream.range(0, 100).mapToObj(i -> "class" + i).toList());
    assertThat(DataUri.open("cifar100:" + folder, Split.TRAIN).classNames()).contains("class99");
    Files.writeString(names, "one\ntwo\n");
    assertFault("cifar100:", Split.TRAIN, "expected 100 class names, one per line, found 2");
  }

  @Test
  void open_broken_namesFileAndImage() throws IOException {
    assertFault("cifar10:", Split.TEST, "test_batch.bin: no such file");
    write("test_batch.bin", image(0), Arrays.copyOf(image(1), 100));
    assertFault("cifar10:", Split.TEST, "ends at byte 3173, expected 3073 bytes of image 1");
    write("test_batch.bin", image(0), image(10));
    assertFault("cifar10:", Split.TEST, "image 1: expected a class 0 to 9, found 10");
    write("test_batch.bin");
    assertFault("cifar10:", Split.TEST, "is empty, expected images of 3073 bytes");
    assertFault("cifar10:nowhere/", Split.TEST, "no such folder");
  }

  private void assertFault(String scheme, Split split, String message) {
    assertThatThrownBy(() -> DataUri.open(scheme + folder, split))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(message);
  }

  private void write(String name, byte[]... images) throws IOException {
    var bytes = new ByteArrayOutputStream();
    for (byte[] image : images) {
      bytes.write(image);
    }
    Files.write(folder.resolve(name), bytes.toByteArray());
  }

  /** Labels, then pixels that count up. */
  private static byte[] image(int... labels) {
    byte[] bytes = new byte[labels.length + 3072];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i < labels.length ? labels[i] : i - labels.length);
    }
    return bytes;
  }
}
