package dev.fresco.engine.vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.Region;
import dev.fresco.engine.vae.DecoderWindows.Stage;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecoderWindowsTest {
  /** By hand: two resolutions, of two convolutions and one. */
  @Test
  void growByAPlaceForEachConvolution() {
    Region latents = Region.whole(20, 20);
    DecoderWindows windows = DecoderWindows.of(new Region(8, 9, 2, 1), latents, 2, List.of(2, 1));
    // Pixels 16..20 x 18..20; the last convolution needs 15..21 x 17..21, the one before it
    // 14..22 x 16..22, that of the enlargement 13..23 x 15..23.
    assertThat(windows.last())
        .isEqualTo(
            new Stage(Region.whole(40, 40), new Region(14, 16, 8, 6), new Region(15, 17, 6, 4)));
    assertThat(windows.stages().get(0))
        .isEqualTo(new Stage(latents, new Region(4, 5, 10, 9), new Region(6, 7, 6, 5)));
  }

  @Test
  void endAtTheMapsEdge() {
    Region latents = Region.whole(4, 6);
    for (Stage stage : DecoderWindows.of(latents, latents, 2, List.of(3, 3, 3)).stages()) {
      assertThat(stage.isWhole()).isTrue();
      assertThat(stage.out()).isEqualTo(stage.map());
    }
  }

  @Test
  void regionsAreAroundMasks() {
    float[] mask = new float[20];
    assertThat(Region.around(HostTensor.of(mask, 4, 5))).isEmpty();
    mask[6] = 1;
    mask[13] = 0.1f;
    assertThat(Region.around(HostTensor.of(mask, 4, 5))).contains(new Region(1, 1, 2, 3));
  }

  @Test
  void refusesARegionOutside() {
    assertThatThrownBy(() -> new Region(0, 3, 1, 4).within(Region.whole(5, 6)))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("is not within");
  }
}
