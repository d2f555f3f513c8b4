package io.neurograft.simulator.command;

import io.neurograft.neural.tensor.DeviceSetting;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The option that says where a command computes. */
final class DeviceOption {
  @Option(
      names = "--device",
      paramLabel = "D",
      converter = Converter.class,
      description = "Where to compute: cpu, gpu:N, or auto, a GPU where there is one (default).")
  private DeviceSetting setting = DeviceSetting.AUTO;

  DeviceSetting setting() {
    return setting;
  }

  private static final class Converter implements ITypeConverter<DeviceSetting> {
    @Override
    public DeviceSetting convert(String value) {
      try {
        return DeviceSetting.parse(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }
}
