package dev.fresco.engine.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.engine.Adapter;
import dev.fresco.engine.AdapterUse;
import dev.fresco.engine.Conditioning;
import dev.fresco.engine.ControlNet;
import dev.fresco.engine.ControlUse;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.Picture;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.Prompt.LongPrompt;
import dev.fresco.engine.TextStates;
import dev.fresco.engine.checkpoint.SafetensorsBytes;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What does not fit is told by name, and the others paint on as if it had never come. */
class RefusedRequestsTest {
  private static final Path FIXTURES = Path.of("fixtures");
  private static final Path SKETCH = FIXTURES.resolve("sd15-tiny-sketch");
  private static final Path LORA = FIXTURES.resolve("lora/sd15-tiny-a.kohya.safetensors");
  private static final PictureSettings SETTINGS = new PictureSettings(16, 12, 3, 5, "euler", 3);

  private static LocalModel model;
  private static LocalModel twin;
  private static LocalModel other;
  private static Conditioning cat;
  private static HostTensor expected;

  private ModelBatch<String> batch;
  @TempDir Path folder;

  @BeforeAll
  static void load() {
    model = load("sd15-tiny");
    twin = load("sd15-tiny");
    other = load("sdxl-tiny");
    cat = model.encode(Prompt.of("a cat", "a dog"));
    try (ModelBatch<String> alone = model.newBatch()) {
      alone.join("good", PictureRequest.of(SETTINGS, cat));
      expected = finished(alone);
    }
  }

  private static LocalModel load(String name) {
    return LocalModel.load(FIXTURES.resolve(name), new ModelSettings("cpu", "fp32", 150, 1024));
  }

  @AfterAll
  static void unload() {
    List.of(model, twin, other).forEach(LocalModel::close);
  }

  /** A member that is half way when the others are refused. */
  @BeforeEach
  void join() {
    batch = model.newBatch();
    batch.join("good", PictureRequest.of(SETTINGS, cat));
    batch.step(List.of("good"));
  }

  @AfterEach
  void theOthersPaintOn() {
    assertThat(finished(batch).data()).isEqualTo(expected.data());
    batch.close();
  }

  private static HostTensor finished(ModelBatch<String> batch) {
    while (batch.stepsDone("good") < batch.stepsTotal("good")) {
      batch.step(List.of("good"));
    }
    return batch.latents("good");
  }

  private void refused(PictureRequest request, String... reasons) {
    refused(() -> batch.join("bad", request), reasons);
    assertThatThrownBy(() -> batch.stepsDone("bad"))
        .hasMessageContaining("bad is not in the batch");
  }

  private static void refused(ThrowingCallable call, String... reasons) {
    assertThatThrownBy(call).isInstanceOf(EngineException.class).hasMessageContainingAll(reasons);
  }

  private static PictureRequest adapted(Adapter adapter) {
    return new PictureRequest(SETTINGS, cat, null, List.of(new AdapterUse(adapter, 1)), List.of());
  }

  private static PictureRequest controlled(ControlNet net, Picture picture) {
    return new PictureRequest(
        SETTINGS, cat, null, List.of(), List.of(new ControlUse(net, picture, 1, 0, 1)));
  }

  private static Picture picture(int width, int height) {
    byte[] rgb = new byte[width * height * 3];
    new Random(1).nextBytes(rgb);
    return new Picture(width, height, rgb);
  }

  @Test
  void adaptersOfOtherBases() {
    String file = "lora/sdxl-tiny-a.%s.safetensors";
    refused(
        () -> model.loadAdapter(FIXTURES.resolve(file.formatted("kohya"))),
        "sdxl-tiny-a.kohya.safetensors",
        "lora_unet_",
        "the unet does not have");
    refused(
        () -> model.loadAdapter(FIXTURES.resolve(file.formatted("peft"))),
        "sdxl-tiny-a.peft.safetensors",
        "unet.");
    refused(() -> other.loadAdapter(LORA), "sd15-tiny-a.kohya.safetensors", "lora_unet_");
    refused(() -> model.loadAdapter(FIXTURES.resolve("noise.safetensors")), "noise.safetensors");
    refused(() -> model.loadAdapter(FIXTURES.resolve("nowhere")), "nowhere");
  }

  /** Of the same layers, but of other sizes. */
  @Test
  void anAdapterOfOtherSizes() {
    String layer = "unet.mid_block.attentions.0.transformer_blocks.0.attn2.to_k";
    Path file =
        new SafetensorsBytes()
            .floats(layer + ".lora_A.weight", new float[2 * 48], 2, 48)
            .floats(layer + ".lora_B.weight", new float[64 * 2], 64, 2)
            .writeTo(folder.resolve("wide.safetensors"));
    refused(() -> model.loadAdapter(file), "wide.safetensors", layer, "[64, 32]");
  }

  @Test
  void adaptersThatWereLoadedForAnotherModel() {
    try (Adapter adapter = twin.loadAdapter(LORA)) {
      refused(adapted(adapter), adapter.name(), "was not loaded for this model");
      List<AdapterUse> uses = List.of(new AdapterUse(adapter, 1));
      refused(
          () -> model.encode(Prompt.of("a cat", ""), uses),
          adapter.name(),
          "was not loaded for this model");
    }
    Adapter larger = other.loadAdapter(FIXTURES.resolve("lora/sdxl-tiny-a.kohya.safetensors"));
    refused(adapted(larger), larger.name(), "was not loaded for this model");
  }

  @Test
  void controlNetsOfOtherModels() {
    refused(
        () -> model.loadControlNet(FIXTURES.resolve("sdxl-tiny-sketch")),
        "sdxl-tiny-sketch",
        "is for another model");
    refused(
        () -> model.loadControlNet(FIXTURES.resolve("sd15-tiny-controlnet")),
        "conditioning_embedding_out_channels",
        "8",
        "2");
    refused(() -> model.loadControlNet(FIXTURES.resolve("sd15-tiny/unet")), "ControlNetModel");
    refused(() -> model.loadControlNet(FIXTURES.resolve("nowhere")), "nowhere");
    try (ControlNet net = twin.loadControlNet(SKETCH)) {
      refused(controlled(net, picture(16, 12)), net.name(), "was not loaded for this model");
    }
  }

  @Test
  void controlNetsThatAreClosed() {
    ControlNet net = model.loadControlNet(SKETCH);
    batch.join("late", controlled(net, picture(16, 12)));
    net.close();
    net.close();
    refused(controlled(net, picture(16, 12)), net.name(), "was closed");
    assertThatThrownBy(() -> batch.step(List.of("good", "late")))
        .isInstanceOf(RuntimeException.class);
    assertThat(batch.stepsDone("good")).isEqualTo(1);
    batch.leave("late");
  }

  @Test
  void picturesOfOtherSizes() {
    try (ControlNet net = model.loadControlNet(SKETCH)) {
      refused(controlled(net, picture(16, 14)), net.name(), "16 x 14", "16 x 12");
      refused(controlled(net, picture(12, 16)), net.name(), "12 x 16", "16 x 12");
    }
    PictureRequest start =
        new PictureRequest(
            SETTINGS, cat, model.encodePicture(picture(20, 12), 0.9), List.of(), List.of());
    refused(start, "[4, 6, 10]", "[4, 6, 8]");
  }

  @Test
  void sizesThatTheLatentsCannotHave() {
    refused(sized(17, 12), "width is 17", "multiples of 2");
    refused(sized(16, 0), "height is 0");
    refused(sized(16, -4), "height is -4");
  }

  private static PictureRequest sized(int width, int height) {
    return PictureRequest.of(new PictureSettings(width, height, 3, 5, "euler", 3), cat);
  }

  @Test
  void promptsOfOtherModels() {
    Conditioning wide = other.encode(Prompt.of("a cat", "a dog"));
    refused(PictureRequest.of(SETTINGS, wide), "the encoded prompt is [77, 96]", "[words, 32]");
    Conditioning pooled =
        new Conditioning(
            new TextStates(cat.positive().states(), HostTensor.of(new float[32], 32)),
            cat.negative(),
            false);
    refused(PictureRequest.of(SETTINGS, pooled), "as a whole has 32 channels", "takes 0");
    Conditioning half = new Conditioning(cat.positive(), null, false);
    refused(PictureRequest.of(SETTINGS, half), "the encoded negative prompt is []");
    Conditioning longer =
        model.encode(new Prompt("a cat ".repeat(50), "", null, null, 0, LongPrompt.CHUNK));
    refused(
        PictureRequest.of(SETTINGS, new Conditioning(longer.positive(), cat.negative(), false)),
        "the encoded prompt has 154 words, the negative one 77");
  }

  @Test
  void aMemberIsSteppedOnceHoweverOftenItIsNamed() {
    batch.step(List.of("good", "good"));
    assertThat(batch.stepsDone("good")).isEqualTo(2);
    batch.step(List.of());
    assertThat(batch.stepsDone("good")).isEqualTo(2);
  }
}
