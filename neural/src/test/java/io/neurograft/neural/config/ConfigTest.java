package io.neurograft.neural.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigTest {
  private record Read(String name, long count, Duration patience) {
    static Read from(ConfigNode node) {
      return new Read(
          node.text("name", "none"),
          node.integerOr("count", 1, 9, 3),
          node.duration("wait", Duration.ofSeconds(5)));
    }
  }

  @TempDir Path folder;

  @Test
  void bytes_withOrWithoutAUnit_areRead() {
    List<Long> read =
        Config.parse(
            "{a: 0, b: 12B, c: 3KiB, d: 128 MiB, e: 2GiB, f: 1TiB}",
            "test",
            node ->
                Stream.of("a", "b", "c", "d", "e", "f", "g").map(k -> node.bytes(k, 7)).toList());
    assertThat(read).containsExactly(0L, 12L, 3L << 10, 128L << 20, 2L << 30, 1L << 40, 7L);
    assertThatThrownBy(() -> Config.parse("{a: 1GB}", "test", node -> node.bytes("a", 7)))
        .hasMessageContaining(
            "a: expected a number of bytes such as 512MiB or 1GiB, found \"1GB\"");
  }

  @Test
  void parse_document_isReadWithDefaults() {
    assertThat(Config.parse("{name: a, wait: 2m}", "test", Read::from))
        .isEqualTo(new Read("a", 3, Duration.ofMinutes(2)));
    assertThat(Config.parse("", "test", Read::from).name()).isEqualTo("none");
  }

  @Test
  void parse_severalFaults_areAllTold() {
    assertThatThrownBy(() -> Config.parse("{cuont: 4, count: 10, wait: soon}", "test", Read::from))
        .isInstanceOfSatisfying(
            InvalidInputException.class,
            e ->
                assertThat(e.faults())
                    .extracting(Fault::place)
                    .isEqualTo(List.of("count", "wait", "cuont")))
        .hasMessageStartingWith("test: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'name: ['         | line 1, column 8: while parsing a flow node, expected the node content",
        "'name: \"a'       | while scanning a quoted scalar, found unexpected end of stream",
        "'name: b: c'      | line 1, column 8: mapping values are not allowed here",
        "'{name: a}\n---\n' | expected one document, found a second",
        "'{name: a, name: b}' | Duplicate field 'name'",
      })
  void parse_noYaml_saysWhereAndWhatIsWrong(String text, String fault) {
    assertThatThrownBy(() -> Config.parse(text.replace("\\n", "\n"), "test", Read::from))
        .isInstanceOf(InvalidInputException.class)
        .message()
        .startsWith("test: line ")
        .contains(fault)
        .hasLineCount(1);
  }

  @Test
  void read_noTextFile_saysWhy() throws Exception {
    Path file = folder.resolve("a.yaml");
    assertThatThrownBy(() -> Config.read(file, Read::from)).hasMessage(file + ": no such file");
    Files.write(file, new byte[] {(byte) 0xff, 0});
    assertThatThrownBy(() -> Config.read(file, Read::from))
        .hasMessage(file + ": is no text in UTF-8");
    assertThatThrownBy(() -> Config.read(folder, Read::from))
        .hasMessageStartingWith(folder + ": cannot be read: ");
  }
}
