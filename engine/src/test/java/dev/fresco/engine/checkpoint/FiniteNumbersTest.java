package dev.fresco.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against the plain question, number by number. */
class FiniteNumbersTest {
  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void everyHalfInEveryPlaceOfALong(StoredType type) {
    for (int bits = 0; bits < 1 << 16; bits++) {
      ByteBuffer bytes = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN);
      int place = bits * 7 % 5;
      bytes.putShort(place * 2, (short) bits);
      float value =
          type == StoredType.F16
              ? StoredNumbers.fromFp16((short) bits)
              : Float.intBitsToFloat(bits << 16);
      assertThat(FiniteNumbers.only(type, bytes)).isEqualTo(Float.isFinite(value));
    }
  }

  @Property
  void floats(@ForAll @Size(max = 9) int[] bits, @ForAll @IntRange(max = 8) int place) {
    ByteBuffer bytes = ByteBuffer.allocate(bits.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    boolean finite = true;
    for (int i = 0; i < bits.length; i++) {
      int one = i == place ? bits[i] | 0x7f80_0000 : bits[i];
      bytes.putInt(i * 4, one);
      finite &= Float.isFinite(Float.intBitsToFloat(one));
    }
    assertThat(FiniteNumbers.only(StoredType.F32, bytes)).isEqualTo(finite);
  }

  @Property
  void doublesMustFitAFloat(@ForAll @Size(max = 5) double[] values, @ForAll boolean large) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
    boolean fits = true;
    for (int i = 0; i < values.length; i++) {
      double value = large ? values[i] : Math.sin(values[i]);
      bytes.putDouble(i * 8, value);
      fits &= Math.abs(value) < 0x1p128;
    }
    assertThat(FiniteNumbers.only(StoredType.F64, bytes)).isEqualTo(fits);
  }

  @Property(tries = 30)
  void findsOneInMany(@ForAll @IntRange(max = 4_999_998) int place) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(4_999_999 * 2).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(FiniteNumbers.only(StoredType.F16, bytes)).isTrue();
    bytes.putShort(place * 2, (short) 0xfc00);
    assertThat(FiniteNumbers.only(StoredType.F16, bytes)).isFalse();
  }
}
