package dev.fresco.engine.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.NativeTensors;
import dev.fresco.engine.adapter.AdapterSet;
import dev.fresco.engine.adapter.LoraComponent;
import dev.fresco.engine.adapter.LoraReader;
import dev.fresco.engine.adapter.NetworkLayers;
import dev.fresco.engine.checkpoint.ComponentFolder;
import dev.fresco.engine.kernel.AdapterTerms;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.kernel.Maps;
import dev.fresco.engine.noise.TorchNoise;
import dev.fresco.engine.unet.AttendedText;
import dev.fresco.engine.unet.UNet;
import dev.fresco.engine.unet.UNetInput;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A whole network whose weights take sets of adapters in turn. */
class WeightPatchesTest {
  private static final Path CHECKPOINT = Path.of("fixtures/sd15-tiny");
  @TempDir static Path folder;
  private static KernelLibrary kernels;
  private static NetworkLayers layers;

  private UNet unet;
  private WeightPatches patches;

  @BeforeAll
  static void open() {
    kernels = KernelLibrary.on("cpu");
  }

  @AfterAll
  static void close() {
    kernels.close();
  }

  @BeforeEach
  void load() {
    load(ComputeType.FP32);
  }

  private void load(ComputeType type) {
    unet = UNet.load(new ComponentFolder(CHECKPOINT.resolve("unet")), kernels, type);
    patches = new WeightPatches(unet.weights(), LoraComponent.UNET, kernels);
    layers = new NetworkLayers(new TreeMap<>(unet.weights().layers()));
  }

  private static AdapterSet set(String name, String part, double scale) {
    Path file = new RandomLora(CHECKPOINT, folder).peft(name, 4, layer -> layer.contains(part));
    return AdapterSet.of(
        List.of(
            new AdapterSet.Use(
                new LoraReader(Map.of(LoraComponent.UNET, layers)).read(file), scale)));
  }

  private float[] predict(AdapterSet set) {
    return patches.with(set, () -> forward(unet));
  }

  private static float[] forward(UNet unet) {
    try (NDManager scope = kernels.manager().newSubManager();
        AttendedText text = unet.attend(List.of(noise(scope, 2, 9, 32)), AdapterTerms.none())) {
      NDArray timesteps = scope.create(new float[] {981, 17});
      UNetInput input =
          new UNetInput(
              new Maps(noise(scope, 2, 4, 7, 8)),
              timesteps,
              Optional.empty(),
              text,
              List.of(),
              AdapterTerms.none());
      return unet.forward(scope, input).group(0).toFloatArray();
    }
  }

  private static NDArray noise(NDManager scope, long... shape) {
    return scope.create(
        TorchNoise.standardNormal(5, shape).data(), new ai.djl.ndarray.types.Shape(shape));
  }

  @ParameterizedTest
  @EnumSource(ComputeType.class)
  void hundredChangesLaterTheNetworkIsTheSameBits(ComputeType type) {
    unet.close();
    load(type);
    AdapterSet attention = set("attention", "unet.mid_block.attentions", 0.7);
    AdapterSet resnets = set("resnets", "unet.mid_block.res", -0.4);
    float[] plain = predict(AdapterSet.NONE);
    float[] first = predict(attention);
    int held = NativeTensors.heldBy(kernels.manager());
    for (int i = 0; i < 33; i++) {
      assertThat(predict(resnets)).isNotEqualTo(plain);
      assertThat(predict(attention)).isEqualTo(first);
      assertThat(predict(AdapterSet.NONE)).isEqualTo(plain);
    }
    assertThat(NativeTensors.heldBy(kernels.manager())).isEqualTo(held);
    unet.close();
  }

  @Test
  void aSetThatFailsHalfWayLeavesNothingBehind() {
    AdapterSet good = set("good", "unet.", 0.5);
    float[] plain = predict(AdapterSet.NONE);
    float[] adapted = predict(good);
    AdapterSet wrong = ofAnotherModel();

    assertThatThrownBy(() -> predict(wrong)).isInstanceOf(RuntimeException.class);
    assertThatThrownBy(() -> predict(wrong)).isInstanceOf(RuntimeException.class);
    assertThat(predict(AdapterSet.NONE)).isEqualTo(plain);
    assertThatThrownBy(() -> predict(wrong)).isInstanceOf(RuntimeException.class);
    assertThat(predict(good)).isEqualTo(adapted);
    unet.close();
  }

  /** Some of its layers fit this network, others are not there or larger. */
  private static AdapterSet ofAnotherModel() {
    Path other = Path.of("fixtures/sdxl-tiny");
    try (UNet large =
        UNet.load(new ComponentFolder(other.resolve("unet")), kernels, ComputeType.FP32)) {
      NetworkLayers all = new NetworkLayers(new TreeMap<>(large.weights().layers()));
      Path file =
          new RandomLora(other, folder).peft("wrong", 2, layer -> layer.startsWith("unet."));
      return AdapterSet.of(
          List.of(
              new AdapterSet.Use(new LoraReader(Map.of(LoraComponent.UNET, all)).read(file), 1)));
    }
  }
}
