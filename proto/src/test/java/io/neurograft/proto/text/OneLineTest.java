package io.neurograft.proto.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OneLineTest {
  @ParameterizedTest
  @ValueSource(
      ints = {
        0x00,
        0x07,
        0x0a,
        0x0d,
        0x1b,
        0x7f, // ASCII's, with the bell and escape
        0x85,
        0x9b, // next line; the one character that begins a command to a terminal
        0xad,
        0x200b,
        0x200e,
        0x202a,
        0x202e,
        0x2066,
        0x2069,
        0xfeff,
        0xe0001, // hidden, or turning
        0x2028,
        0x2029 // ends of lines and paragraphs
      })
  void of_charactersThatAreNotSeen_areASpace(int character) {
    String unseen = Character.toString(character);
    assertThat(OneLine.of("a" + unseen + unseen + "b")).isEqualTo("a b");
    assertThat(OneLine.of(unseen + "a" + unseen)).isEqualTo("a");
  }

  @Test
  void each_ofSeveralLines_staysOne() {
    assertThat(OneLine.each("faults:\n  a:\u001b[2J b\r\n  c\u2028"))
        .isEqualTo("faults:\n  a: [2J b\n  c");
  }

  @Test
  void of_whatCanBeRead_stays() {
    String text = "h\u00f4pital \u533b\u9662 \ud83e\udde0 {\"a\": 1} <b>";
    assertThat(OneLine.of(text)).isEqualTo(text);
    assertThat(OneLine.of("0123456789", 10)).isEqualTo("0123456789");
    assertThat(OneLine.of("0123456789a", 10)).isEqualTo("0123456789...");
  }
}
