package io.neurograft.neural.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neurograft.neural.config.InvalidInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvTableTest {
  @TempDir private Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void nameFile() {
    file = folder.resolve("iris.csv");
  }

  @Test
  void open_labelsAnyTextInAnyColumn() throws IOException {
    String rows =
        IntStream.range(0, 50)
            .mapToObj(i -> "%d,%s, %d.5e-1 \n".formatted(i, i % 2 == 0 ? "\"b, c\"" : "a", i))
            .collect(Collectors.joining());
    Files.writeString(file, "\ufeffx,the+kind,y\n" + rows + "\n");
    Dataset train = DataUri.open("csv:" + file + "?label=the+kind", Split.TRAIN);
    Dataset test = DataUri.open("csv:" + file + "?label=the%2Bkind&seed=42", Split.TEST);
    assertThat(train.shape()).containsExactly(2);
    assertThat(train.classNames()).containsExactly("a", "b, c");
    assertThat(train.size() + test.size()).isEqualTo(50);
    assertThat(test.size()).isBetween(3, 20);
    float[] values = new float[2];
    for (int i = 0; i < train.size(); i++) {
      train.read(i, values, 0);
      assertThat(values[1])
          .isEqualTo((values[0] + 0.5f) / 10, org.assertj.core.data.Offset.offset(1e-6f));
      assertThat(train.label(i)).isEqualTo(values[0] % 2 == 0 ? 1 : 0);
    }
  }

  @Test
  void open_equalRowsStayTogether_andOrderMakesNoDifference() throws IOException {
    Files.writeString(file, "label,x\n" + "a,1\nb,2\nc,3\nd,4\ne,5\nf,6\ng,7\nh,8\n".repeat(20));
    assertThat(open(Split.TRAIN).classCounts()).containsOnly(0L, 20L);
    assertThat(open(Split.TEST).classCounts()).containsOnly(0L, 20L);
  }

  @Test
  void open_wholeNumbersAsLabels_areSortedAsNumbers() throws IOException {
    Files.writeString(
        file,
        IntStream.range(0, 40)
            .mapToObj(i -> (i % 11) + "," + i + "\n")
            .collect(Collectors.joining("", "label,x\n", "")));
    assertThat(open(Split.TRAIN).classNames()).startsWith("0", "1", "2").endsWith("9", "10");
  }

  @Test
  void open_wrongCell_namesLineAndColumn() throws IOException {
    assertFault(
        "label,x\na,1\n\nb,two\n",
        "iris.csv: line 4, column x: expected a number, found text of 3 characters");
    assertFault("label,x\na,\n", "line 2, column x: expected a number, found nothing");
    assertFault(
        "label,x\na,NaN\n", "line 2, column x: expected a number, found text of 3 characters");
    assertFault("label,x\na,1e99\n", "line 2, column x: expected a number, found one out of range");
    assertFault("label,x\n,1\n", "line 2, column label: expected a label");
    assertFault("label,x\n\"a\nb\",1\nc,1,2\n", "line 4: expected 2 cells, found 3");
  }

  @Test
  void open_wrongText_namesLine() throws IOException {
    assertFault("", "expected a header row");
    assertFault("x,y\n1,2\n", "line 1: expected a column named label, found x, y");
    assertFault("label,x,x\na,1,2\n", "line 1: expected one column named x, found two");
    assertFault("label\na\n", "line 1: expected at least one column of numbers");
    assertFault("label,x\na,1\n\"b,2\n", "line 3: expected a closing quote");
    assertFault("label,x\na\"b\"c,1\n", "line 2: expected quotes around the whole of cell 1");
    assertFault("label,x\n", "of 0 rows none falls into this split");
    Files.write(file, "label,x\n\u00e4,1\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> open(Split.TRAIN)).hasMessageContaining("expected UTF-8 text");
    Files.delete(file);
    assertThatThrownBy(() -> open(Split.TRAIN)).hasMessageContaining("no such file");
  }

  private Dataset open(Split split) {
    return DataUri.open("csv:" + file + "?label=label", split);
  }

  private void assertFault(String text, String message) throws IOException {
    Files.writeString(file, text);
    assertThatThrownBy(() -> open(Split.TRAIN))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(message);
  }
}
