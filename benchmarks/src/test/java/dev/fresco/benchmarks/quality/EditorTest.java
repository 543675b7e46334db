package dev.fresco.benchmarks.quality;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.engine.Region;
import org.junit.jupiter.api.Test;

class EditorTest {
  @Test
  void cropsHaveSidesThatTheModelTakes() {
    assertThat(Editor.crop(new Region(100, 50, 28, 33), 32, 128))
        .isEqualTo(new Region(96, 35, 32, 64));
    assertThat(Editor.crop(new Region(0, 1, 128, 126), 32, 128)).isEqualTo(Region.whole(128, 128));
  }
}
