package dev.fresco.engine.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import dev.fresco.engine.Adapter;
import dev.fresco.engine.AdapterUse;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.NativeTensors;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.StartLatents;
import dev.fresco.engine.checkpoint.Checkpoint;
import dev.fresco.engine.checkpoint.SafetensorsBytes;
import dev.fresco.engine.noise.TorchNoise;
import dev.fresco.engine.recording.MemoryRecording;
import dev.fresco.engine.recording.PartialRecording;
import dev.fresco.engine.recording.RecordedTensor;
import dev.fresco.engine.recording.Recording;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Edits of which Flux computes only the masked places, beside the same edits in full. */
class MaskedFluxTest {
  private static final Path FLUX = Path.of("fixtures/flux-dev-tiny");
  private static final String SAMPLER = "flow-euler";
  private static final String PROMPT = "a cat";
  private static final double[] RATIOS = {0.02, 0.11, 0.35, 0.6};
  private static final int STEPS = 6;
  private static final int SIDE = 64;
  private static final int PLACES = 256;
  @TempDir static Path folder;
  private static LocalModel model;
  private static Adapter adapter;
  private static Edits edits;
  private static MemoryRecording recording;

  @BeforeAll
  static void load() {
    model = LocalModel.load(FLUX, new ModelSettings("cpu", "fp32", 150, 1024));
    adapter = model.loadAdapter(lora());
    edits = new Edits(model, template(3), SIDE, SIDE, STEPS);
    recording = edits.recording(PROMPT, settings(Edits.NOISE_SEED), List.of());
  }

  @AfterAll
  static void unload() {
    adapter.close();
    model.close();
  }

  private static StartLatents template(long seed) {
    return new StartLatents(TorchNoise.standardNormal(seed, 4, 32, 32), null, 1);
  }

  private static StartLatents smallTemplate() {
    return new StartLatents(TorchNoise.standardNormal(5, 4, 20, 12), null, 1);
  }

  private static Path lora() {
    SafetensorsBytes bytes = new SafetensorsBytes();
    for (String layer : List.of("transformer_blocks.0.attn", "single_transformer_blocks.1.attn")) {
      for (String matrix : List.of(".to_q", ".to_k", ".to_v")) {
        String key = "transformer." + layer + matrix;
        bytes.floats(key + ".lora_A.weight", TorchNoise.standardNormal(1, 4, 32).data(), 4, 32);
        bytes.floats(key + ".lora_B.weight", TorchNoise.standardNormal(2, 32, 4).data(), 32, 4);
      }
    }
    return bytes.writeTo(folder.resolve("lora.safetensors"));
  }

  private static PictureSettings settings(long seed) {
    return edits.settings(SAMPLER, 3.5, seed);
  }

  private static PictureRequest edit(String prompt, long seed, HostTensor mask, Recording from) {
    return edits.request(prompt, settings(seed), mask, from, List.of());
  }

  /** A run of the template that leaves what the edits read. */
  private static PictureRequest recorded(List<AdapterUse> adapters) {
    PictureRequest plain =
        edits.request(PROMPT, settings(Edits.NOISE_SEED), edits.mask(0), null, adapters);
    return new PictureRequest(
        plain.settings(),
        plain.conditioning(),
        plain.start(),
        new MemoryRecording(),
        adapters,
        List.of());
  }

  /** Distance inside the mask between an edit from a recording and the same edit in full. */
  private static double error(String prompt, long seed, double ratio, Recording from, int steps) {
    HostTensor mask = edits.mask(ratio);
    HostTensor masked = edits.painted(edit(prompt, seed, mask, from), steps);
    HostTensor dense = edits.painted(edit(prompt, seed, mask, null), steps);
    return Distance.of(Edits.inside(masked, mask), Edits.inside(dense, mask));
  }

  @Test
  void aRecordingHasKeysAndValuesOfEveryBlockInTheOrderOfComputation() {
    assertThat(recording.steps()).isEqualTo(STEPS);
    assertThat(recording.names())
        .containsExactly(
            "transformer_blocks.0.k",
            "transformer_blocks.0.v",
            "single_transformer_blocks.0.k",
            "single_transformer_blocks.0.v",
            "single_transformer_blocks.1.k",
            "single_transformer_blocks.1.v");
    for (int step = 0; step < STEPS; step++) {
      for (String name : recording.names()) {
        RecordedTensor tensor = recording.tensor(step, name);
        assertThat(tensor.type()).isEqualTo(RecordedTensor.Type.BF16);
        assertThat(tensor.shape()).containsExactly(1, PLACES, 32);
        assertThat(tensor.data().remaining()).isEqualTo(PLACES * 32 * 2);
      }
    }
  }

  @Test
  void whereAllIsMaskedAnEditIsWhatItIsInFull() {
    HostTensor everything = edits.mask(1);
    HostTensor masked = edits.painted(edit("a big tree", 99, everything, recording), STEPS);
    HostTensor dense = edits.painted(edit("a big tree", 99, everything, null), STEPS);

    assertThat(masked.data()).isEqualTo(dense.data());
  }

  /** With the template's own prompt and noise the recording holds what would be computed. */
  @Test
  void theFirstStepIsExactButForTheRoundingOfTheRecording() {
    for (double ratio : RATIOS) {
      assertThat(error(PROMPT, Edits.NOISE_SEED, ratio, recording, 1))
          .as("mask of %s", ratio)
          .isLessThan(1e-5);
    }
  }

  @Test
  void aRecordingOfAnotherTemplateIsFarOff() {
    MemoryRecording ofAnother =
        new Edits(model, template(8), SIDE, SIDE, STEPS)
            .recording(PROMPT, settings(Edits.NOISE_SEED), List.of());
    double own = error(PROMPT, Edits.NOISE_SEED, 0.11, recording, STEPS);

    assertThat(own).isLessThan(1e-4);
    assertThat(error(PROMPT, Edits.NOISE_SEED, 0.11, ofAnother, STEPS)).isGreaterThan(10 * own);
  }

  @Test
  void otherPromptsAndNoisesStayNearTheEditInFull() {
    for (double ratio : RATIOS) {
      assertThat(error("a red apple, and a dog", 99, ratio, recording, STEPS))
          .as("mask of %s", ratio)
          .isLessThan(2e-3); // another prompt makes 2e-2
    }
  }

  @Test
  void outsideTheMaskTheTemplateStays() {
    HostTensor mask = edits.mask(0.11);
    HostTensor painted = edits.painted(edit("a big tree", 99, mask, recording), STEPS);
    float[] template = edits.template().mean().data();
    for (int i = 0; i < template.length; i++) {
      if (mask.data()[i % mask.data().length] == 0) {
        assertThat(painted.data()[i]).isEqualTo(template[i]);
      }
    }
  }

  /** One pass for members of all kinds, sizes and progress. */
  @Test
  void membersOfAllKindsGetWhatTheyGetAlone() {
    Edits small = new Edits(model, smallTemplate(), 24, 40, STEPS);
    MemoryRecording ofSmall = small.recording(PROMPT, small.settings(SAMPLER, 3.5, 7), List.of());
    AdapterUse lora = new AdapterUse(adapter, 0.9);
    List<PictureRequest> requests =
        List.of(
            edit("a dog", 99, edits.mask(0.11), recording),
            PictureRequest.of(settings(5), model.encode(Prompt.of("a cat", ""))),
            edits.request("a dog", settings(98), edits.mask(0.3), recording, List.of(lora)),
            edit("a big tree", 97, edits.mask(0.2), null),
            small.request(
                "a dog", small.settings(SAMPLER, 5, 3), small.mask(0.3), ofSmall, List.of()),
            recorded(List.of(lora)),
            edit("a dog", 96, edits.mask(1), recording));
    List<HostTensor> together = together(requests);

    for (int i = 0; i < requests.size(); i++) {
      assertThat(Distance.of(together.get(i), edits.painted(requests.get(i), STEPS)))
          .as("member %d", i)
          .isLessThan(1e-4);
    }
    HostTensor plain = edits.painted(edit("a dog", 98, edits.mask(0.3), recording), STEPS);
    assertThat(Distance.of(together.get(2), plain)).isGreaterThan(1e-3);
    MemoryRecording beside = (MemoryRecording) requests.get(5).recorder();
    assertThat(beside.steps()).isEqualTo(STEPS);
    assertThat(beside.names()).isEqualTo(recording.names());
  }

  /** Steps that the recording does not have are those of the edit in full. */
  @Test
  void stepsWithoutARecordingAreComputedInFull() {
    HostTensor mask = edits.mask(0.11);
    PictureRequest whole = edit("a dog", 99, mask, null);
    PictureRequest none = edit("a dog", 99, mask, new PartialRecording(recording, step -> false));
    PictureRequest some =
        edit("a dog", 99, mask, new PartialRecording(recording, step -> step % 2 > 0));
    PictureRequest all = edit("a dog", 99, mask, recording);
    HostTensor inFull = edits.painted(whole, STEPS);
    HostTensor inPart = edits.painted(some, STEPS);

    assertThat(edits.painted(none, STEPS).data()).isEqualTo(inFull.data());
    assertThat(Distance.of(inPart, inFull))
        .isGreaterThan(0)
        .isLessThan(Distance.of(edits.painted(all, STEPS), inFull));
    assertThat(Distance.of(together(List.of(all, some, whole)).get(1), inPart)).isLessThan(1e-4);
  }

  /** One of them joins at each step. */
  private static List<HostTensor> together(List<PictureRequest> requests) {
    HostTensor[] finished = new HostTensor[requests.size()];
    List<Integer> running = new ArrayList<>();
    try (ModelBatch<Integer> batch = model.newBatch()) {
      for (int joined = 0; joined < requests.size() || !running.isEmpty(); ) {
        if (joined < requests.size()) {
          batch.join(joined, requests.get(joined));
          running.add(joined++);
        }
        batch.step(running);
        for (Integer member : List.copyOf(running)) {
          if (batch.stepsDone(member) == STEPS) {
            finished[member] = batch.latents(member);
            batch.leave(member);
            running.remove(member);
          }
        }
      }
    }
    return List.of(finished);
  }

  @Test
  void recordingsThatDoNotFitAreRefusedAndMoveNobody() {
    HostTensor mask = edits.mask(0.11);
    Recording otherNames = new Changed(recording, List.of("conv_in"), tensor -> tensor);
    Recording otherSize =
        new Changed(
            recording,
            recording.names(),
            tensor ->
                new RecordedTensor(
                    tensor.name(), tensor.type(), new long[] {1, 4, 32}, tensor.data()));
    try (ModelBatch<String> batch = model.newBatch()) {
      assertThatThrownBy(() -> batch.join("names", edit(PROMPT, 1, mask, otherNames)))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("1 tensors in a step, from conv_in on")
          .hasMessageContaining("reads 6, from transformer_blocks.0.k on");
      batch.join("good", edit(PROMPT, 1, mask, recording));
      batch.join("size", edit(PROMPT, 1, mask, otherSize));
      HostTensor before = batch.latents("good");

      assertThatThrownBy(() -> batch.step(List.of("good", "size")))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("recorded transformer_blocks.0.k has the shape [1, 4, 32]")
          .hasMessageContaining("[1, 256, 32]");
      assertThat(batch.stepsDone("good")).isZero();
      assertThat(batch.latents("good").data()).isEqualTo(before.data());
      batch.step(List.of("good"));
      assertThat(batch.stepsDone("good")).isOne();
    }
  }

  /** A recording of which something is not as it should be. */
  private record Changed(Recording of, List<String> names, UnaryOperator<RecordedTensor> change)
      implements Recording {
    @Override
    public int steps() {
      return of.steps();
    }

    @Override
    public RecordedTensor tensor(int step, String name) {
      return change.apply(of.tensor(step, name));
    }
  }

  @Test
  void stepsLeaveNoTensorsBehind() {
    OwnedParts owned = new OwnedParts();
    try {
      FluxParts parts =
          FluxParts.load(Checkpoint.open(FLUX), new ModelSettings("cpu", "fp32", 150, 1024), owned);
      NDManager root = parts.kernels().manager();
      PictureRequest masked = edit(PROMPT, 1, edits.mask(0.2), recording);
      PictureRequest recorded = recorded(List.of());
      int idle = NativeTensors.heldBy(root);
      try (ModelBatch<String> batch = batch(parts)) {
        batch.join("masked", masked);
        batch.join("recorded", recorded);
        batch.step(List.of("masked", "recorded"));
        int held = NativeTensors.heldBy(root);
        for (int step = 1; step < STEPS; step++) {
          batch.step(List.of("masked", "recorded"));
          assertThat(NativeTensors.heldBy(root)).isEqualTo(held);
        }
      }
      assertThat(NativeTensors.heldBy(root)).isEqualTo(idle);
    } finally {
      owned.close();
    }
  }

  private static ModelBatch<String> batch(FluxParts parts) {
    NDManager manager = parts.kernels().manager().newSubManager();
    return new ModelBatch<>(
        manager, parts.denoiser(manager), parts.kernels(), parts.samplers(), parts.latents());
  }
}
