package dev.fresco.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.kernel.AdapterTerms;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.kernel.Maps;
import dev.fresco.engine.parity.RelativeError;
import dev.fresco.engine.text.ClipReading;
import dev.fresco.engine.text.ClipTextEncoder;
import dev.fresco.engine.unet.UNet;
import dev.fresco.engine.unet.UNetInput;
import dev.fresco.engine.vae.Autoencoder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks compute the same from one file as from the folder that it was made of. */
class SingleFileNetworksTest {
  private static final Path FIXTURES = Path.of("fixtures");
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

  @ParameterizedTest
  @ValueSource(strings = {"sd15-tiny", "sd21-tiny"})
  void computeTheSame(String name) {
    Checkpoint whole = Checkpoint.open(FIXTURES.resolve(name));
    Path path =
        new OriginalFile(name).tensorsOf(whole).writeTo(folder.resolve(name + ".safetensors"));
    Checkpoint single = SingleFile.open(path, FIXTURES.resolve(name));

    assertSame(noise(single), noise(whole));
    assertSame(picture(single), picture(whole));
    assertSame(states(single), states(whole));
  }

  /** Products may be summed in another order where weights lie otherwise in memory. */
  private static void assertSame(float[] single, float[] whole) {
    assertThat(RelativeError.of(single, whole)).isLessThan(1e-5);
  }

  private static float[] noise(Checkpoint checkpoint) {
    try (UNet unet = UNet.load(checkpoint.component("unet"), kernels, ComputeType.FP32);
        NDManager scope = kernels.manager().newSubManager()) {
      NDArray sample = wave(scope, 1, 4, 8, 8);
      NDArray context = wave(scope, 1, 77, 32);
      UNetInput input =
          new UNetInput(
              new Maps(sample),
              scope.create(new float[] {500}),
              Optional.empty(),
              unet.attend(List.of(context), AdapterTerms.none()),
              List.of(),
              AdapterTerms.none());
      return unet.forward(scope, input).group(0).toFloatArray();
    }
  }

  private static float[] picture(Checkpoint checkpoint) {
    try (Autoencoder vae =
            Autoencoder.load(checkpoint.component("vae"), kernels, ComputeType.FP32);
        NDManager scope = kernels.manager().newSubManager()) {
      NDArray decoded = vae.decode(scope, wave(scope, 1, 4, 4, 4));
      return vae.encode(scope, decoded).mean().toFloatArray();
    }
  }

  private static float[] states(Checkpoint checkpoint) {
    try (ClipTextEncoder encoder =
        ClipTextEncoder.load(checkpoint.component("text_encoder"), kernels, ComputeType.FP32)) {
      return encoder
          .encode(List.of(new int[] {609, 5, 6, 7, 610}), ClipReading.WHOLE)
          .get(0)
          .states()
          .data();
    }
  }

  private static NDArray wave(NDManager scope, long... shape) {
    Shape size = new Shape(shape);
    return scope.arange(0, size.size(), 1, DataType.FLOAT32).mul(0.37).sin().reshape(size);
  }
}
