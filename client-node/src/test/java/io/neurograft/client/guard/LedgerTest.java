package io.neurograft.client.guard;

import static io.neurograft.client.guard.GatekeeperTest.asked;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.neurograft.client.guard.Admission.Noise;
import io.neurograft.neural.config.InvalidInputException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
  private static final Optional<Noise> NOISE = Optional.of(new Noise(0.3, 10, "5eed"));
  private static final Asked FIRST = asked("run-1", 1, "question-1");
  private static final Asked SECOND = asked("run-1", 2, "question-2");
  private static final Asked OTHER_RUN = asked("run-2", 1, "question-1");

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = folder.resolve("ledger.jsonl");
  }

  @Test
  void open_afterARestart_remembersEverything() throws IOException {
    Ledger before = Ledger.open(folder);
    before.admitted(FIRST, NOISE);
    before.released(FIRST, "answer-1");
    before.admitted(SECOND, NOISE);
    before.admitted(OTHER_RUN, Optional.of(new Noise(0.4, 10, "5eed")));

    Ledger ledger = Ledger.open(folder);

    assertThat(ledger.find(FIRST)).contains(new Ledger.Entry(NOISE, Optional.of("answer-1")));
    assertThat(ledger.find(SECOND)).contains(new Ledger.Entry(NOISE, Optional.empty()));
    assertThat(ledger.questions(FIRST)).isEqualTo(1);
    assertThat(ledger.mu("data", "run-1")).isCloseTo(0.3 * Math.sqrt(2), within(1e-15));
    assertThat(ledger.mu("data")).isCloseTo(Math.sqrt(0.34), within(1e-15));
    assertThat(ledger.mu("other data")).isZero();
    assertThat(ledger.epsilon("data", "run-1", 1e-5))
        .isEqualTo(GaussianMechanism.epsilon(ledger.mu("data", "run-1"), 1e-5));
    assertThat(ledger.epsilon("data", 1e-5))
        .isEqualTo(GaussianMechanism.epsilon(ledger.mu("data"), 1e-5));
  }

  @Test
  void mu_afterAnExactAnswer_isInfinite() throws IOException {
    Ledger ledger = Ledger.open(folder);
    ledger.admitted(FIRST, Optional.empty());
    ledger.admitted(OTHER_RUN, NOISE);

    assertThat(ledger.mu("data", "run-1")).isInfinite();
    assertThat(ledger.mu("data", "run-2")).isEqualTo(0.3);
    assertThat(ledger.mu("data")).isInfinite();
  }

  @Test
  void open_lastLineCutOffAnywhere_keepsTheOthersAndGoesOn() throws IOException {
    Ledger whole = Ledger.open(folder);
    whole.admitted(FIRST, NOISE);
    long first = Files.size(file);
    whole.admitted(SECOND, NOISE);
    byte[] bytes = Files.readAllBytes(file);

    for (int length = (int) first; length < bytes.length; length++) {
      Files.write(file, Arrays.copyOf(bytes, length));
      Ledger cut = Ledger.open(folder);
      assertThat(cut.find(FIRST)).isPresent();
      assertThat(cut.find(SECOND).isPresent()).isEqualTo(length == bytes.length - 1);
      cut.admitted(OTHER_RUN, NOISE);
      assertThat(Ledger.open(folder).find(OTHER_RUN)).isPresent();
    }
  }

  @Test
  void open_zerosAfterThePowerCut_keepsTheLines() throws IOException {
    Ledger.open(folder).admitted(FIRST, NOISE);
    Files.write(file, new byte[500], StandardOpenOption.APPEND);

    assertThat(Ledger.open(folder).find(FIRST)).isPresent();
    assertThat(Files.readString(file)).endsWith("}\n");
  }

  @Test
  void open_damagedInTheMiddle_namesTheLine() throws IOException {
    Ledger ledger = Ledger.open(folder);
    ledger.admitted(FIRST, NOISE);
    ledger.admitted(SECOND, NOISE);
    String text = Files.readString(file);
    int second = text.indexOf('\n') + 1;

    for (String damage : new String[] {"", "5", "{}", "{\"data\":", "null"}) {
      Files.writeString(file, text.substring(0, second) + damage + "\n" + text.substring(second));
      assertThatThrownBy(() -> Ledger.open(folder))
          .as(damage)
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("ledger.jsonl")
          .hasMessageContaining("line 2 is damaged")
          .hasMessageContaining("restore the file from a copy");
    }
  }

  @Test
  void open_muThatIsNoNumber_isDamageAndNotNothingSpent() throws IOException {
    Ledger.open(folder).admitted(FIRST, NOISE);
    Files.writeString(file, Files.readString(file).replace("0.3", "\"much\""));

    assertThatThrownBy(() -> Ledger.open(folder))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("line 1 is damaged (expected a mu and a clip above 0");
  }

  @Test
  void open_answerWithoutItsQuestion_isDamage() throws IOException {
    Ledger ledger = Ledger.open(folder);
    ledger.admitted(FIRST, NOISE);
    ledger.released(FIRST, "answer-1");
    String text = Files.readString(file);
    Files.writeString(file, text.substring(text.indexOf('\n') + 1));

    assertThatThrownBy(() -> Ledger.open(folder))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("line 1 is damaged (an answer to a question that was not admitted)");
  }

  @Test
  void admitted_fileMovedAwayOrChanged_failsAndCountsNothing() throws IOException {
    Ledger ledger = Ledger.open(folder);
    ledger.admitted(FIRST, NOISE);
    byte[] bytes = Files.readAllBytes(file);

    Files.write(file, new byte[0]);
    assertThatThrownBy(() -> ledger.admitted(SECOND, NOISE))
        .hasMessageContaining("changed by another");
    Files.write(file, (new String(bytes, UTF_8) + "{}\n").getBytes(UTF_8));
    assertThatThrownBy(() -> ledger.admitted(SECOND, NOISE))
        .hasMessageContaining("changed by another");
    Files.delete(file);
    assertThatThrownBy(() -> ledger.admitted(SECOND, NOISE)).isInstanceOf(IOException.class);

    assertThat(ledger.find(SECOND)).isEmpty();
    Files.write(file, bytes);
    ledger.admitted(SECOND, NOISE);
    assertThat(Ledger.open(folder).find(SECOND)).isPresent();
  }

  @Test
  void admitted_interrupted_canBeTriedAgain() throws IOException {
    Ledger ledger = Ledger.open(folder);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> ledger.admitted(FIRST, NOISE))
        .isInstanceOf(ClosedByInterruptException.class);
    assertThat(Thread.interrupted()).isTrue();

    ledger.admitted(FIRST, NOISE);

    assertThat(Ledger.open(folder).find(FIRST)).isPresent();
  }

  @Test
  void open_newFile_isTheOwnersAlone() throws IOException {
    Ledger.open(folder);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }
}
