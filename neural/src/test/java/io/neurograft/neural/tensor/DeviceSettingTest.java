package io.neurograft.neural.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.config.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceSettingTest {
  @ParameterizedTest
  @ValueSource(strings = {"auto", "cpu", "gpu:0", "gpu:12"})
  void parse_aSetting_writesItBack(String text) {
    assertThat(DeviceSetting.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "gpu", "gpu:", "gpu:-1", "gpu:1000", "GPU:0", "cuda:0", "cpu "})
  void parse_somethingElse_saysWhatWasExpected(String text) {
    assertThatThrownBy(() -> DeviceSetting.parse(text))
        .hasMessage("expected auto, cpu or gpu:N, found \"" + text + "\"");
  }

  @Test
  void start_aGpuThatIsNotThere_isRefusedBeforeAnything() {
    assertThatThrownBy(() -> Compute.start(1, DeviceSetting.parse("gpu:999")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("found gpu:999: the engine finds");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | expected auto or cpu, found gpu:4: the engine finds no GPU (docs/gpu.md says how to give it one)",
        "1 | expected auto, cpu or gpu:0, found gpu:4: the engine finds one GPU",
        "4 | expected auto, cpu or gpu:0 to gpu:3, found gpu:4: the engine finds 4 GPUs"
      })
  void choose_aGpuThatIsNotThere_saysWhichAre(int gpus, String message) {
    assertThatThrownBy(() -> Compute.choose(DeviceSetting.parse("gpu:4"), gpus))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({"auto, 0, cpu", "auto, 2, gpu0", "cpu, 2, cpu", "gpu:1, 2, gpu1"})
  void choose_aSetting_isTheDevice(String setting, int gpus, String device) {
    assertThat(Compute.choose(DeviceSetting.parse(setting), gpus))
        .isEqualTo(Device.fromName(device));
  }

  @Test
  void start_anArray_livesOnTheDevice() {
    Compute.start(1);
    try (NDManager scope = Compute.newManager()) {
      Device device = Compute.device();
      assertThat(scope.zeros(new Shape(2)).getDevice()).isEqualTo(device);
      assertThat(HostArrays.fill(scope, new Shape(1, 2), v -> v.put(3).put(4)).getDevice())
          .isEqualTo(device);
    }
  }

  @Test
  void fill_values_areTakenRowByRow() {
    Compute.start(1);
    try (NDManager scope = Compute.newManager()) {
      assertThat(
              HostArrays.fill(scope, new Shape(2, 2), v -> v.put(new float[] {1, 2, 3, 4}))
                  .transpose()
                  .toFloatArray())
          .containsExactly(1, 3, 2, 4);
    }
  }
}
