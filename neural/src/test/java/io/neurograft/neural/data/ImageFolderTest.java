package io.neurograft.neural.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neurograft.neural.config.InvalidInputException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFolderTest {
  @TempDir private Path folder;

  @Test
  void open_trainAndTest_colour() throws IOException {
    write("train/cat/b.png", colour(4, 2, 0x102030));
    write("train/cat/a.PNG", colour(4, 2, 0xff0000));
    write("train/dog/c.jpg", colour(4, 2, 0x808080));
    write("test/dog/d.png", colour(4, 2, 0x00ff00));
    Files.writeString(folder.resolve("train/cat/.hidden.png"), "no image");
    Files.writeString(folder.resolve("train/cat/notes.txt"), "no image");
    Dataset train = open(Split.TRAIN);
    assertThat(train.shape()).containsExactly(3, 2, 4);
    assertThat(train.classNames()).containsExactly("cat", "dog");
    assertThat(train.labels()).containsExactly(0, 0, 1);
    assertThat(values(train, 1)).startsWith(16 / 255f).contains(32 / 255f).endsWith(48 / 255f);
    assertThat(open(Split.TEST).labels()).containsExactly(1);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_BYTE_GRAY,
        BufferedImage.TYPE_USHORT_GRAY,
        BufferedImage.TYPE_BYTE_BINARY
      })
  void open_grey_oneChannelWithoutGammaCurve(int type) throws IOException {
    BufferedImage grey = new BufferedImage(3, 2, type);
    int white = type == BufferedImage.TYPE_USHORT_GRAY ? 0xffff : 255;
    grey.getRaster().setSample(0, 0, 0, type == BufferedImage.TYPE_BYTE_BINARY ? 1 : white);
    if (type == BufferedImage.TYPE_BYTE_GRAY) {
      grey.getRaster().setSample(1, 0, 0, 100);
    }
    write("train/zero/a.png", grey);
    write("test/zero/a.png", grey);
    Dataset train = open(Split.TRAIN);
    assertThat(train.shape()).containsExactly(1, 2, 3);
    float second = type == BufferedImage.TYPE_BYTE_GRAY ? 100 / 255f : 0;
    assertThat(values(train, 0)).containsExactly(1f, second, 0f, 0f, 0f, 0f);
  }

  @Test
  void open_foldersPerClass_splitBySeed() throws IOException {
    for (int i = 0; i < 100; i++) {
      write("c" + i % 4 + "/" + i + ".png", colour(1, 1, i));
    }
    float[] train = values(open(Split.TRAIN));
    float[] test = values(open(Split.TEST));
    assertThat(test).hasSizeBetween(8, 35).doesNotContain(train);
    assertThat(train).hasSize(100 - test.length);
    assertThat(values(open(Split.TEST))).isEqualTo(test);
    Dataset other = DataUri.open("images:" + folder + "?seed=2", Split.TEST);
    assertThat(values(other)).isNotEqualTo(test);
  }

  @Test
  void open_anotherSizeOrChannel_namesBothFiles() throws IOException {
    write("train/cat/a.png", colour(4, 2, 0));
    write("train/cat/b.png", colour(4, 3, 0));
    write("test/cat/c.png", new BufferedImage(4, 2, BufferedImage.TYPE_BYTE_GRAY));
    assertFault(Split.TRAIN, "b.png: expected [3, 2, 4] (channels, height, width) as in ");
    assertFault(Split.TEST, "c.png: expected [3, 2, 4] (channels, height, width) as in ");
  }

  @Test
  void open_brokenImages_nameTheFile() throws IOException {
    BufferedImage image = colour(64, 64, 0);
    IntStream.range(0, 64).forEach(i -> image.setRGB(i, i * i % 64, i * 12345));
    for (String name : new String[] {"a.png", "a.jpg"}) {
      write("train/cat/" + name, image);
      write("test/cat/" + name, image);
      Path file = folder.resolve("train/cat/" + name);
      byte[] whole = Files.readAllBytes(file);
      Files.write(file, Arrays.copyOf(whole, whole.length * 2 / 3));
      assertFault(Split.TRAIN, name + ": is ");
      assertFault(Split.TRAIN, "truncated");
      Files.delete(file);
    }
    Files.writeString(folder.resolve("train/cat/a.png"), "no image at all");
    assertFault(Split.TRAIN, "a.png: expected a PNG or JPEG image");
  }

  @Test
  void open_headerOfAHugeImage_isRefusedBeforeDecoding() throws IOException {
    write("train/cat/a.png", colour(2, 2, 0));
    write("test/cat/a.png", colour(2, 2, 0));
    Path file = folder.resolve("train/cat/a.png");
    byte[] bytes = Files.readAllBytes(file);
    bytes[16] = 0x7f; // the highest byte of the width
    Files.write(file, bytes);
    assertFault(Split.TRAIN, "expected 1 to 4096 pixels wide, found 2130706434");
  }

  @Test
  void open_fewBytesThatStateManyPixels_areRefusedBeforeDecoding() throws IOException {
    write("train/cat/a.png", colour(2, 2, 0));
    write("test/cat/a.png", colour(2, 2, 0));
    Path file = folder.resolve("train/cat/a.png");
    byte[] bytes = Files.readAllBytes(file);
    for (int side : new int[] {16, 20}) {
      bytes[side + 2] = 0x10;
      bytes[side + 3] = 0;
    }
    Files.write(file, bytes);
    assertFault(
        Split.TRAIN,
        "is truncated: expected at least 48770 bytes for 4096 x 4096 pixels, found "
            + bytes.length);
  }

  /** Nothing packs better than what is the same all over. */
  @Test
  void open_emptyImageOfTheLargestSides_isTaken() throws IOException {
    write("train/cat/a.png", new BufferedImage(4096, 4096, BufferedImage.TYPE_BYTE_BINARY));
    write("test/cat/a.png", colour(2, 2, 0));
    assertThat(open(Split.TRAIN).shape()).containsExactly(1, 4096, 4096);
  }

  @Test
  void open_wrongFolders_sayWhatWasExpected() throws IOException {
    assertFault(Split.TRAIN, "expected a folder per class");
    Files.createDirectories(folder.resolve("train/cat"));
    assertFault(Split.TRAIN, "expected both train and test, or a folder per class");
    Files.createDirectories(folder.resolve("test/dog"));
    assertFault(Split.TRAIN, "cat: expected .png, .jpg or .jpeg files");
    write("train/cat/a.png", colour(1, 1, 0));
    assertFault(Split.TEST, "dog: expected a class that train has too");
    assertThatThrownBy(() -> DataUri.open("images:/no/such", Split.TRAIN))
        .hasMessage("/no/such: no such folder");
  }

  private Dataset open(Split split) {
    return DataUri.open("images:" + folder, split);
  }

  private void assertFault(Split split, String message) {
    assertThatThrownBy(() -> open(split))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(message);
  }

  private void write(String name, BufferedImage image) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    assertThat(ImageIO.write(image, name.endsWith("jpg") ? "jpg" : "png", file.toFile())).isTrue();
  }

  private static BufferedImage colour(int width, int height, int rgb) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    IntStream.range(0, width * height).forEach(i -> image.setRGB(i % width, i / width, rgb));
    return image;
  }

  private static float[] values(Dataset data, int index) {
    float[] values = new float[data.exampleSize()];
    data.read(index, values, 0);
    return values;
  }

  /** The last value of every example. */
  private static float[] values(Dataset data) {
    float[] values = new float[data.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = values(data, i)[data.exampleSize() - 1];
    }
    return values;
  }
}
