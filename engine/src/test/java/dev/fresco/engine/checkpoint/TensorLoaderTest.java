package dev.fresco.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.KernelLibrary;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class TensorLoaderTest {
  private static final int PATTERNS = 1 << 16;
  private static KernelLibrary kernels;
  @TempDir Path folder;

  @BeforeAll
  static void open() {
    kernels = KernelLibrary.on("cpu");
  }

  @AfterAll
  static void close() {
    kernels.close();
  }

  /** Native and Java conversions are two implementations that must agree on every number. */
  @ParameterizedTest
  @EnumSource(
      mode = Mode.INCLUDE,
      names = {"F16", "BF16"})
  void widensEveryHalf(StoredType type) {
    ByteBuffer all = ByteBuffer.allocate(PATTERNS * 2).order(ByteOrder.LITTLE_ENDIAN);
    int infinity = type == StoredType.F16 ? 0x7c00 : 0x7f80;
    for (int i = 0; i < PATTERNS; i++) {
      all.putShort((i & infinity) == infinity ? 0 : (short) i);
    }
    byte[] bytes = new SafetensorsBytes().with("x", type, all.array(), PATTERNS).bytes();

    assertThat(loaded(bytes)).containsExactly(inJava(bytes));
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.INCLUDE,
      names = {"F64", "F32", "F16", "BF16"})
  void readsTensorsThatTheFileDoesNotAlign(StoredType type) {
    float[] values = {0.5f, -2, 3, 1024};
    SafetensorsBytes file = new SafetensorsBytes().floats("x", values, 2, 2).as(type);
    for (int padding = 0; padding < 8; padding++) {
      assertThat(loaded(file.bytes(padding))).containsExactly(values);
    }
  }

  @Test
  void refusesIntegersForWeights() {
    byte[] bytes = new SafetensorsBytes().with("x", StoredType.I64, new byte[16], 2).bytes();
    assertThatThrownBy(() -> loaded(bytes))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("tensor x is I64[2]");
  }

  @ParameterizedTest
  @CsvSource({"NaN", "Infinity", "-Infinity", "1e300"})
  void refusesWhatIsNotFinite(double value) {
    float[] numbers = new float[100_000];
    numbers[77_777] = (float) value;
    byte[] bytes = new SafetensorsBytes().floats("down.weight", numbers, 1000, 100).bytes();
    for (ComputeType type : ComputeType.values()) {
      assertThatThrownBy(() -> loaded(bytes, "down.weight", type))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("x.safetensors: tensor down.weight F32[1000, 100]")
          .hasMessageContaining("not finite");
    }
  }

  @Test
  void takesNumbersWhoseSumIsNotFinite() {
    float[] numbers = {Float.MAX_VALUE, Float.MAX_VALUE, -1};
    assertThat(loaded(new SafetensorsBytes().floats("x", numbers, 3).bytes()))
        .containsExactly(numbers);
  }

  private float[] loaded(byte[] bytes) {
    return loaded(bytes, "x", ComputeType.FP32);
  }

  private float[] loaded(byte[] bytes, String name, ComputeType type) {
    try (SafetensorsFile file = open(bytes);
        NDManager scope = kernels.manager().newSubManager()) {
      TensorLoader loader = new TensorLoader(file, kernels);
      NDArray tensor = loader.load(scope, file.tensor(name), type);
      assertThat(tensor.getShape().getShape()).containsExactly(file.tensor(name).shape());
      return tensor.toFloatArray();
    }
  }

  private float[] inJava(byte[] bytes) {
    try (SafetensorsFile file = open(bytes)) {
      return file.floats("x");
    }
  }

  private SafetensorsFile open(byte[] bytes) {
    return SafetensorsFile.open(SafetensorsBytes.write(folder.resolve("x.safetensors"), bytes));
  }
}
