package dev.fresco.engine.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.engine.Adapter;
import dev.fresco.engine.AdapterUse;
import dev.fresco.engine.Conditioning;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.NotFiniteException;
import dev.fresco.engine.Picture;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.StartLatents;
import dev.fresco.engine.TextStates;
import dev.fresco.engine.checkpoint.SafetensorsBytes;
import dev.fresco.engine.noise.TorchNoise;
import dev.fresco.engine.parity.RelativeError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FluxBatchTest {
  private static final double LIMIT = 1e-4;
  private static final int MEMBERS = 6;
  @TempDir static Path folder;
  private static LocalModel model;
  private static Conditioning cat;
  private static Conditioning dog;
  private static Adapter first;
  private static Adapter second;
  private ModelBatch<String> batch;

  @BeforeAll
  static void load() {
    model =
        LocalModel.load(
            Path.of("fixtures/flux-dev-tiny"), new ModelSettings("cpu", "fp32", 150, 1024));
    cat = model.encode(Prompt.of("a cat", ""));
    dog = shortened(model.encode(Prompt.of("a red apple, and a dog", "")), 20);
    first = model.loadAdapter(adapter("first", 1));
    second = model.loadAdapter(adapter("second", 2));
  }

  @AfterAll
  static void unload() {
    first.close();
    second.close();
    model.close();
  }

  @BeforeEach
  void open() {
    batch = model.newBatch();
  }

  @AfterEach
  void close() {
    batch.close();
  }

  /** A text of fewer words, as shorter limits give it. */
  private static Conditioning shortened(Conditioning of, int words) {
    HostTensor states = of.positive().states();
    int channels = (int) states.shape()[1];
    float[] kept = Arrays.copyOf(states.data(), words * channels);
    HostTensor shorter = HostTensor.of(kept, words, channels);
    return new Conditioning(new TextStates(shorter, of.positive().pooled()), null, true);
  }

  /** A LoRA on layers of both kinds of blocks and around them. */
  private static Path adapter(String name, long seed) {
    SafetensorsBytes bytes = new SafetensorsBytes();
    linear(bytes, seed, "transformer_blocks.0.attn.to_q", 32, 32);
    linear(bytes, seed + 10, "transformer_blocks.0.attn.add_k_proj", 32, 32);
    linear(bytes, seed + 20, "transformer_blocks.0.norm1.linear", 32, 192);
    linear(bytes, seed + 30, "single_transformer_blocks.1.proj_mlp", 32, 128);
    linear(bytes, seed + 40, "single_transformer_blocks.1.proj_out", 160, 32);
    linear(bytes, seed + 50, "time_text_embed.guidance_embedder.linear_1", 256, 32);
    linear(bytes, seed + 60, "proj_out", 32, 16);
    return bytes.writeTo(folder.resolve(name + ".safetensors"));
  }

  private static void linear(SafetensorsBytes bytes, long seed, String layer, int in, int out) {
    String key = "transformer." + layer;
    bytes.floats(key + ".lora_A.weight", numbers(seed, 3, in), 3, in);
    bytes.floats(key + ".lora_B.weight", numbers(seed + 5, out, 3), out, 3);
  }

  private static float[] numbers(long seed, long... shape) {
    float[] numbers = TorchNoise.standardNormal(seed, shape).data();
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] *= 0.2f;
    }
    return numbers;
  }

  /** Sizes, texts, steps, guidance and adapters of all kinds. */
  private static PictureRequest request(int index) {
    int multiple = model.card().sizeMultiple();
    PictureSettings settings =
        new PictureSettings(
            multiple * (4 + index % 3),
            multiple * 4,
            3 + index % 4,
            List.of(1.0, 3.5, 7.5).get(index % 3),
            model.card().defaultSampler(),
            index);
    List<AdapterUse> adapters =
        switch (index % 4) {
          case 1 -> List.of(new AdapterUse(first, 0.8));
          case 2 -> List.of(new AdapterUse(first, 0.5), new AdapterUse(second, -0.7));
          default -> List.of();
        };
    return new PictureRequest(settings, index % 2 == 0 ? cat : dog, null, adapters, List.of());
  }

  private static HostTensor alone(PictureRequest request) {
    try (ModelBatch<String> solo = model.newBatch()) {
      solo.join("solo", request);
      while (solo.stepsDone("solo") < solo.stepsTotal("solo")) {
        solo.step(List.of("solo"));
      }
      return solo.latents("solo");
    }
  }

  private static double distance(HostTensor a, HostTensor b) {
    assertThat(a.shape()).isEqualTo(b.shape());
    return RelativeError.of(a.data(), b.data());
  }

  @Test
  void membersThatJoinAndLeaveAtEveryStepGetWhatTheyGetAlone() {
    List<String> running = new ArrayList<>();
    int joined = 0;
    int finished = 0;
    while (finished < MEMBERS) {
      if (joined < MEMBERS) {
        batch.join("m" + joined, request(joined));
        running.add("m" + joined++);
      }
      batch.step(running);
      for (String member : List.copyOf(running)) {
        if (batch.stepsDone(member) == batch.stepsTotal(member)) {
          int index = Integer.parseInt(member.substring(1));
          assertThat(distance(batch.latents(member), alone(request(index))))
              .as("member %d", index)
              .isLessThan(LIMIT);
          batch.leave(member);
          running.remove(member);
          finished++;
        }
      }
    }
  }

  @Test
  void adaptersAndGuidanceChangeThePicture() {
    PictureSettings settings = request(1).settings();
    HostTensor plain = alone(PictureRequest.of(settings, cat));
    HostTensor adapted =
        alone(
            new PictureRequest(
                settings, cat, null, List.of(new AdapterUse(first, 0.8)), List.of()));
    PictureSettings guided =
        new PictureSettings(
            settings.width(), settings.height(), settings.steps(), 9, settings.sampler(), 1);

    assertThat(distance(adapted, plain)).isGreaterThan(1e-3);
    assertThat(distance(alone(PictureRequest.of(guided, cat)), plain)).isGreaterThan(1e-4);
  }

  @Test
  void aStepThatFailsMovesNobody() {
    batch.join("good", request(0));
    PictureSettings settings = request(0).settings();
    PictureSettings wild =
        new PictureSettings(
            settings.width(), settings.height(), 4, Double.NaN, settings.sampler(), 1);
    batch.join("wild", PictureRequest.of(wild, dog));
    HostTensor before = batch.latents("good");

    assertThatThrownBy(() -> batch.step(List.of("good", "wild")))
        .isInstanceOf(NotFiniteException.class)
        .hasMessageContaining("guidanceScale NaN");
    assertThat(batch.stepsDone("good")).isZero();
    assertThat(batch.latents("good").data()).isEqualTo(before.data());
    batch.step(List.of("good"));
    assertThat(batch.stepsDone("good")).isOne();
  }

  @Test
  void aPictureComesBackFromItsLatents() {
    int width = model.card().sizeMultiple() * 6;
    int height = model.card().sizeMultiple() * 4;
    byte[] rgb = new byte[width * height * 3];
    Arrays.fill(rgb, (byte) 90);
    StartLatents start = model.encodePicture(new Picture(width, height, rgb), 0.6);
    PictureSettings settings =
        new PictureSettings(width, height, 5, 3.5, model.card().defaultSampler(), 3);
    batch.join("m", new PictureRequest(settings, cat, start, List.of(), List.of()));

    assertThat(batch.stepsTotal("m")).isEqualTo(3);
    batch.step(List.of("m"));
    Picture picture = model.decode(batch.latents("m"));
    Picture preview = model.preview(batch.estimate("m"));
    assertThat(List.of(picture.width(), picture.height())).containsExactly(width, height);
    int factor = model.card().sizeMultiple() / 2;
    assertThat(List.of(preview.width(), preview.height()))
        .containsExactly(width / factor, height / factor);
  }

  @Test
  void theCardTellsWhatFluxIsLike() {
    assertThat(model.card().family()).isEqualTo("flux");
    assertThat(model.card().sizeMultiple()).isEqualTo(4); // factor 2, two places a token
    assertThat(model.card().maxPromptTokens()).isEqualTo(64);
    assertThat(model.card().samplers()).containsExactly("flow-euler");
    assertThat(model.card().defaultGuidanceScale()).isEqualTo(3.5);
    assertThatThrownBy(() -> model.loadControlNet(folder))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("ControlNets are not supported for Flux");
  }
}
