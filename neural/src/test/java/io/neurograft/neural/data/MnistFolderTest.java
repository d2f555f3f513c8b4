package io.neurograft.neural.data;

import static io.neurograft.neural.data.IdxFiles.gzip;
import static io.neurograft.neural.data.IdxFiles.images;
import static io.neurograft.neural.data.IdxFiles.labels;
import static io.neurograft.neural.data.IdxFiles.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neurograft.neural.config.InvalidInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MnistFolderTest {
  @TempDir private Path folder;

  @Test
  void open_plainAndGzippedInBothSpellings() throws IOException {
    write(folder, "train-images-idx3-ubyte", images(3, 3, 2, 4));
    write(folder, "train-labels.idx1-ubyte.gz", gzip(labels(7, 0, 9)));
    write(folder, "t10k-images.idx3-ubyte.gz", gzip(images(1, 1, 2, 4)));
    write(folder, "t10k-labels-idx1-ubyte", labels(5));

    Dataset train = DataUri.open("mnist:" + folder, Split.TRAIN);
    assertThat(train.shape()).containsExactly(1, 2, 4);
    assertThat(train.labels()).containsExactly(7, 0, 9);
    assertThat(train.classes()).isEqualTo(10);
    assertThat(train.classCounts()).containsExactly(1, 0, 0, 0, 0, 0, 0, 1, 0, 1);
    float[] values = new float[10];
    train.read(2, values, 1);
    assertThat(values).startsWith(0f, 2 / 255f).endsWith(2 / 255f, 0f);
    assertThat(DataUri.open("mnist:" + folder, Split.TEST).labels()).containsExactly(5);
  }

  @Test
  void open_truncatedImages_namesFileAndByte() throws IOException {
    write(folder, "train-images-idx3-ubyte", images(3, 2, 2, 4));
    write(folder, "train-labels-idx1-ubyte", labels(7, 0, 9));
    assertFault("train-images-idx3-ubyte: ends at byte 32, expected 8 bytes of image 2");
  }

  @Test
  void open_truncatedGzip_namesFileAndItem() throws IOException {
    byte[] whole = gzip(images(3, 3, 20, 20));
    write(folder, "train-images-idx3-ubyte.gz", Arrays.copyOf(whole, whole.length / 2));
    write(folder, "train-labels-idx1-ubyte", labels(7, 0, 9));
    assertFault("train-images-idx3-ubyte.gz: is truncated inside");
  }

  @Test
  void open_foreignFile_namesBothMagicNumbers() throws IOException {
    write(folder, "train-images-idx3-ubyte", labels(1, 2, 3));
    write(folder, "train-labels-idx1-ubyte", labels(1, 2, 3));
    assertFault("expected the magic number 0x00000803 of IDX images, found 0x00000801");
  }

  @Test
  void open_headerPromisesTooMuch_allocatesNothing() throws IOException {
    write(folder, "train-labels-idx1-ubyte", labels(1, 2, 3));
    write(folder, "train-images-idx3-ubyte", images(Integer.MAX_VALUE, 0, 28, 28));
    assertFault("expected 3 images, as many as there are labels, found 2147483647");
    write(folder, "train-images-idx3-ubyte", images(3, 0, 4096, 4096));
    assertFault("ends at byte 16, expected 16777216 bytes of image 0");
    write(folder, "train-images-idx3-ubyte", images(3, 0, 70_000, 70_000));
    assertFault("expected 1 to 4096 rows, found 70000");
  }

  @Test
  void open_labelOutOfRange_namesItem() throws IOException {
    write(folder, "train-images-idx3-ubyte", images(2, 2, 1, 1));
    write(folder, "train-labels-idx1-ubyte", labels(3, 10));
    assertFault("train-labels-idx1-ubyte: label 1: expected a class 0 to 9, found 10");
  }

  @Test
  void open_trailingBytes_areAFault() throws IOException {
    write(folder, "train-images-idx3-ubyte", images(2, 3, 1, 1));
    write(folder, "train-labels-idx1-ubyte", labels(3, 1));
    assertFault("expected the end of the file at byte 18");
  }

  @Test
  void open_missingFileOrFolder_saysWhatWasExpected() {
    assertFault("expected one of the files train-labels-idx1-ubyte, train-labels-idx1-ubyte.gz");
    assertThatThrownBy(() -> DataUri.open("mnist:" + folder.resolve("nowhere"), Split.TRAIN))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageEndingWith("nowhere: no such folder");
  }

  private void assertFault(String message) {
    assertThatThrownBy(() -> DataUri.open("mnist:" + folder, Split.TRAIN))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(folder.toString())
        .hasMessageContaining(message);
  }
}
