package dev.fresco.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.KernelLibrary;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against the plain question, number by number. */
class FiniteNumbersTest {
  private static KernelLibrary kernels;
  private static Kernel cast;

  @BeforeAll
  @BeforeContainer
  static void open() {
    if (kernels == null) {
      kernels = KernelLibrary.on("cpu");
      cast = kernels.kernel("cast");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void everyHalf(StoredType type) {
    ByteBuffer finite = numbers((1 << 16) * 2);
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value =
          type == StoredType.F16
              ? StoredNumbers.fromFp16((short) bits)
              : Float.intBitsToFloat(bits << 16);
      if (Float.isFinite(value)) {
        finite.putShort((short) bits);
      } else {
        ByteBuffer some = numbers(66);
        some.putShort(bits * 7 % 33 * 2, (short) bits);
        assertThat(only(type, some)).as("%x", bits).isFalse();
      }
    }
    assertThat(only(type, finite)).isTrue();
  }

  @Property
  void floats(@ForAll @Size(min = 1, max = 9) int[] bits, @ForAll @IntRange(max = 8) int place) {
    ByteBuffer bytes = numbers(bits.length * 4);
    boolean finite = true;
    for (int i = 0; i < bits.length; i++) {
      int one = i == place ? bits[i] | 0x7f80_0000 : bits[i];
      bytes.putInt(i * 4, one);
      finite &= Float.isFinite(Float.intBitsToFloat(one));
    }
    assertThat(only(StoredType.F32, bytes)).isEqualTo(finite);
  }

  @Property
  void doublesMustFitAFloat(
      @ForAll @Size(min = 1, max = 5) double[] values, @ForAll boolean large) {
    ByteBuffer bytes = numbers(values.length * 8);
    boolean fits = true;
    for (int i = 0; i < values.length; i++) {
      double value = large ? values[i] : Math.sin(values[i]);
      bytes.putDouble(i * 8, value);
      fits &= Math.abs(value) < 0x1p128;
    }
    assertThat(only(StoredType.F64, bytes)).isEqualTo(fits);
  }

  @Property(tries = 30)
  void findsOneInMany(@ForAll @IntRange(max = 4_999_998) int place) {
    ByteBuffer bytes = numbers(4_999_999 * 2);
    assertThat(only(StoredType.F16, bytes)).isTrue();
    bytes.putShort(place * 2, (short) 0xfc00);
    assertThat(only(StoredType.F16, bytes)).isFalse();
  }

  private static ByteBuffer numbers(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static boolean only(StoredType type, ByteBuffer bytes) {
    try (NDManager scope = kernels.manager().newSubManager()) {
      DataType readAs =
          switch (type) {
            case F64 -> DataType.FLOAT64;
            case F32 -> DataType.FLOAT32;
            default -> DataType.FLOAT16;
          };
      Shape shape = new Shape(bytes.capacity() / type.bytes());
      NDArray stored = scope.create(bytes.clear(), shape, readAs);
      return FiniteNumbers.only(
          cast,
          type == StoredType.BF16 ? cast.call("from_bf16_bits").tensor(stored).run(scope) : stored);
    }
  }
}
