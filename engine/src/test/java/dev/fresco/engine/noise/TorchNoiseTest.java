package dev.fresco.engine.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.GoldenTensors;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TorchNoiseTest {
  @Test
  void givesTorchsNumbersBitForBit() {
    GoldenTensors golden = GoldenTensors.read("noise.safetensors");
    assertThat(golden.names()).hasSize(16);
    for (String name : golden.names()) {
      long seed = Long.parseLong(name.substring(0, name.indexOf('/')));
      assertThat(TorchNoise.standardNormal(seed, golden.shape(name)).data())
          .as(name)
          .isEqualTo(golden.floats(name));
    }
  }

  @Test
  void goesOnFromDrawToDrawAsTorchDoes() {
    GoldenTensors golden = GoldenTensors.read("noise-stream.safetensors");
    Map<Long, TorchNoise> streams = new HashMap<>();
    List<String> draws =
        golden.names().stream()
            .sorted(Comparator.comparingInt(name -> Integer.parseInt(name.split("/")[1])))
            .toList();
    assertThat(draws).hasSize(29);
    for (String name : draws) {
      long seed = Long.parseLong(name.split("/")[0]);
      TorchNoise stream = streams.computeIfAbsent(seed, TorchNoise::new);
      assertThat(stream.draw(golden.shape(name)).data()).as(name).isEqualTo(golden.floats(name));
    }
  }

  /** The engine's own torch as the reference, on sizes around the edges of the two ways. */
  @Test
  void agreesWithTheTorchInThisProcessOnAnySeedAndSize() {
    Random random = new Random(20);
    Engine torch = Engine.getEngine("PyTorch");
    try (NDManager manager = torch.newBaseManager(Device.cpu())) {
      for (int size = 1; size <= 130; size++) {
        int seed = random.nextInt();
        torch.setRandomSeed(seed);
        float[] expected =
            manager.randomNormal(0, 1, new Shape(size), DataType.FLOAT32).toFloatArray();
        assertThat(TorchNoise.standardNormal(seed, size).data())
            .as("seed %d, size %d", seed, size)
            .containsExactly(expected, within(1e-6f));
      }
    }
  }

  @Test
  void onlyTheLow32BitsOfASeedCountAndNoNumberIsShared() {
    float[] noise = TorchNoise.standardNormal(5, 1, 4, 8, 8).data();
    assertThat(TorchNoise.standardNormal(5 + (3L << 32), 256).data()).isEqualTo(noise);
    assertThat(TorchNoise.standardNormal(6, 256).data()).isNotEqualTo(noise);
    assertThat(TorchNoise.standardNormal(-1, 0).data()).isEmpty();
  }

  @Test
  void refusesShapesThatJavaCannotHold() {
    assertThatThrownBy(() -> TorchNoise.standardNormal(1, 1L << 20, 1L << 20))
        .isInstanceOf(ArithmeticException.class);
  }
}
