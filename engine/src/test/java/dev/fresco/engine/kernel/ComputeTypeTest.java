package dev.fresco.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.engine.EngineException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComputeTypeTest {
  @ParameterizedTest
  @CsvSource({
    "'flags\t\t: fpu avx2 avx512f avx512_bf16', true",
    "'flags\t\t: fpu amx_bf16 amx_tile', true",
    "'flags\t\t: fpu avx2 avx512f', false",
    "'model name\t: avx512_bf16', false"
  })
  void readsTheProcessorsFlags(String line, boolean expected) {
    assertThat(ComputeType.multipliesBf16(List.of("processor\t: 0", line))).isEqualTo(expected);
  }

  @Test
  void readsSettings() {
    assertThat(ComputeType.parse("fp32", true)).isEqualTo(ComputeType.FP32);
    assertThat(ComputeType.parse("BF16", false)).isEqualTo(ComputeType.BF16);
    assertThat(ComputeType.parse("auto", true)).isEqualTo(ComputeType.BF16);
    assertThatThrownBy(() -> ComputeType.parse("fp16", false))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("'fp16' is none of auto, fp32, bf16");
  }
}
