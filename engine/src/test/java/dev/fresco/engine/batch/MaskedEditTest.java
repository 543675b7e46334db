package dev.fresco.engine.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.engine.Adapter;
import dev.fresco.engine.AdapterUse;
import dev.fresco.engine.DenoisingBatch;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.KeptPart;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.StartLatents;
import dev.fresco.engine.recording.MemoryRecording;
import dev.fresco.engine.recording.PartialRecording;
import dev.fresco.engine.recording.Recording;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Edits that compute only what their mask reaches, beside the same edits on whole maps. */
class MaskedEditTest {
  private static final int STEPS = 6;

  /**
   * Recordings are bf16, which rounds by up to 2^-9; on the way through the network it averages.
   */
  private static final double ROUNDED = 1e-3;

  private static final Path MODEL = Path.of("../models/emoji");

  private static LocalModel model;
  private static Edits edits;
  private static PictureSettings settings;
  private static MemoryRecording recording;

  @BeforeAll
  static void load() {
    model = LocalModel.load(MODEL, new ModelSettings("cpu", "fp32", 150, 1024));
    edits = Edits.ofPainted(model, 128, 128, STEPS);
    settings = edits.settings("ddim", 5, Edits.NOISE_SEED);
    recording = edits.recording("a red apple", settings, List.of());
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static PictureRequest edit(
      String prompt, PictureSettings with, HostTensor mask, Recording from) {
    return edits.request(prompt, with, mask, from, List.of());
  }

  /** Before its first step such an edit is the template's own run. */
  @ParameterizedTest
  @ValueSource(doubles = {.05, .11, .35, 1})
  void theFirstStepIsTheOneOnWholeMaps(double ratio) {
    HostTensor mask = edits.mask(ratio);
    HostTensor whole = edits.painted(edit("a red apple", settings, mask, null), 1);
    HostTensor masked = edits.painted(edit("a red apple", settings, mask, recording), 1);
    assertThat(Distance.of(Edits.inside(masked, mask), Edits.inside(whole, mask)))
        .isLessThan(ROUNDED);
    assertThat(masked.data()).isNotEqualTo(recordingStart(mask).data());
  }

  private static HostTensor recordingStart(HostTensor mask) {
    return edits.painted(edit("a red apple", settings, mask, null), 0);
  }

  /** With everything active nothing comes from the recording but sums that cancel. */
  @Test
  void aMaskOfEverythingIsTheEditOnWholeMaps() {
    HostTensor mask = edits.mask(1);
    PictureSettings other = edits.settings("euler", 5, 99);
    HostTensor whole = edits.painted(edit("a green tree", other, mask, null), STEPS);
    HostTensor masked =
        edits.painted(
            edit("a green tree", other, mask, edits.recording("a cat", other, List.of())), STEPS);
    assertThat(Distance.of(masked, whole)).isLessThan(2e-3);
  }

  /** What is outside reacts to what is painted, and the recording does not know; not by much. */
  @ParameterizedTest
  @ValueSource(doubles = {.11, .35})
  void laterStepsStayNearTheOnesOnWholeMaps(double ratio) {
    HostTensor mask = edits.mask(ratio);
    PictureSettings other = edits.settings("ddim", 5, 99);
    HostTensor whole = edits.painted(edit("a red apple", other, mask, null), STEPS);
    HostTensor masked = edits.painted(edit("a red apple", other, mask, recording), STEPS);
    HostTensor untouched = edits.painted(edit("a red apple", settings, mask, null), 0);
    double distance = Distance.of(masked, whole);
    assertThat(distance).isLessThan(.15).isLessThan(Distance.of(untouched, whole) / 4);
  }

  /** Members of all kinds step together, and each gets the picture that it gets alone. */
  @Test
  void aMixedBatchIsEachMemberAlone() {
    Map<String, PictureRequest> requests = new LinkedHashMap<>();
    requests.put("small", edit("a red apple", settings, edits.mask(.05), recording));
    requests.put("text", PictureRequest.of(settings, model.encode(Prompt.of("a cat", ""))));
    requests.put("whole", edit("a dog", settings, edits.mask(.3), null));
    PictureSettings unguided = edits.settings("ddim", 0, 12);
    requests.put(
        "unguided",
        edit("a big tree", unguided, edits.mask(.3), edits.recording("", unguided, List.of())));
    requests.put("recording", recorded(new MemoryRecording()));
    Map<String, HostTensor> alone = new LinkedHashMap<>();
    requests.forEach((name, request) -> alone.put(name, edits.painted(request, STEPS)));

    try (DenoisingBatch<String> batch = model.newBatch()) {
      requests.forEach(batch::join);
      for (int i = 0; i < STEPS; i++) {
        batch.step(requests.keySet());
      }
      alone.forEach(
          (name, expected) ->
              assertThat(Distance.of(batch.latents(name), expected)).as(name).isLessThan(1e-4));
    }
  }

  /** Steps that the recording does not have are those of the edit on whole maps. */
  @Test
  void stepsWithoutARecordingAreComputedInFull() {
    HostTensor mask = edits.mask(.11);
    PictureSettings other = edits.settings("ddim", 5, 99);
    PictureRequest whole = edit("a dog", other, mask, null);
    PictureRequest none =
        edit("a dog", other, mask, new PartialRecording(recording, step -> false));
    PictureRequest some =
        edit("a dog", other, mask, new PartialRecording(recording, step -> step % 2 > 0));
    PictureRequest all = edit("a dog", other, mask, recording);
    HostTensor inFull = edits.painted(whole, STEPS);
    HostTensor inPart = edits.painted(some, STEPS);

    assertThat(Distance.of(edits.painted(none, STEPS), inFull)).isLessThan(1e-6);
    assertThat(Distance.of(inPart, inFull))
        .isGreaterThan(0)
        .isLessThan(Distance.of(edits.painted(all, STEPS), inFull));
    try (DenoisingBatch<String> batch = model.newBatch()) {
      batch.join("all", all);
      batch.join("some", some);
      batch.join("whole", whole);
      for (int i = 0; i < STEPS; i++) {
        batch.step(List.of("all", "some", "whole"));
      }
      assertThat(Distance.of(batch.latents("some"), inPart)).isLessThan(1e-4);
    }
  }

  /** Adapters of every kind of layer, in the weights when alone and as terms beside others. */
  @Test
  void adaptersGiveTheSamePictureInTheWeightsAndAsTerms(@TempDir Path folder) {
    Path file = new RandomLora(MODEL, folder).kohya("everything", 3, layer -> true);
    try (Adapter adapter = model.loadAdapter(file)) {
      List<AdapterUse> use = List.of(new AdapterUse(adapter, .5));
      MemoryRecording own = edits.recording("a red apple", settings, use);
      HostTensor mask = edits.mask(.2);
      HostTensor whole = edits.painted(edits.request("a red apple", settings, mask, null, use), 1);
      PictureRequest masked = edits.request("a red apple", settings, mask, own, use);
      HostTensor alone = edits.painted(masked, 1);
      assertThat(Distance.of(Edits.inside(alone, mask), Edits.inside(whole, mask)))
          .isLessThan(ROUNDED);
      try (DenoisingBatch<String> batch = model.newBatch()) {
        batch.join("plain", edit("a red apple", settings, edits.mask(.1), recording));
        batch.join("adapted", masked);
        batch.step(List.of("plain", "adapted"));
        assertThat(Distance.of(batch.latents("adapted"), alone)).isLessThan(1e-4);
      }
    }
  }

  private static PictureRequest recorded(MemoryRecording into) {
    PictureRequest plain = edit("a red apple", settings, edits.mask(0), null);
    return new PictureRequest(
        settings, plain.conditioning(), plain.start(), into, List.of(), List.of());
  }

  /** An edit of part of the steps begins in the middle of the recording. */
  @Test
  void strengthBeginsLaterInTheRecording() {
    HostTensor mask = edits.mask(.2);
    PictureRequest whole = weaker(edit("a red apple", settings, mask, null));
    PictureRequest masked = weaker(edit("a red apple", settings, mask, recording));
    try (DenoisingBatch<String> batch = model.newBatch()) {
      batch.join("whole", whole);
      batch.join("masked", masked);
      assertThat(batch.stepsTotal("masked")).isEqualTo(STEPS / 2);
      batch.step(List.of("whole", "masked"));
      assertThat(
              Distance.of(
                  Edits.inside(batch.latents("masked"), mask),
                  Edits.inside(batch.latents("whole"), mask)))
          .isLessThan(ROUNDED);
    }
  }

  private static PictureRequest weaker(PictureRequest request) {
    StartLatents start = request.start();
    return new PictureRequest(
        request.settings(),
        request.conditioning(),
        new StartLatents(start.mean(), null, .5, start.kept()),
        List.of(),
        List.of());
  }

  @Test
  void whatDoesNotFitIsRefusedAndTheBatchGoesOn() {
    try (DenoisingBatch<String> batch = model.newBatch()) {
      PictureSettings longer = new PictureSettings(128, 128, STEPS + 1, 5, "ddim", 1);
      assertThatThrownBy(
              () -> batch.join("steps", edit("a cat", longer, edits.mask(.1), recording)))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("the recording has 6 steps; the request has 7");
      assertThatThrownBy(
              () -> batch.join("nothing", edit("a cat", settings, edits.mask(0), recording)))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("nothing to paint");
      PictureRequest painted = edit("a cat", settings, edits.mask(.1), null);
      assertThatThrownBy(
              () ->
                  batch.join(
                      "painted",
                      new PictureRequest(
                          settings,
                          painted.conditioning(),
                          painted.start(),
                          new MemoryRecording(),
                          List.of(),
                          List.of())))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("must be 0 everywhere");
      batch.join("fits", edit("a cat", settings, edits.mask(.1), recording));
      batch.step(List.of("fits"));
      assertThat(batch.stepsDone("fits")).isEqualTo(1);
    }
    assertThatThrownBy(() -> new KeptPart(edits.mask(.1), 0, null, -1))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("margin is -1");
  }

  /** A sink that fails loses its recording, and nobody else anything. */
  @Test
  void aSinkThatFailsIsNotCalledAgain() {
    int[] calls = {0};
    PictureRequest plain = recorded(null);
    PictureRequest failing =
        new PictureRequest(
            settings,
            plain.conditioning(),
            plain.start(),
            (step, tensor) -> {
              calls[0]++;
              throw new EngineException("the disk is full");
            },
            List.of(),
            List.of());
    edits.painted(failing, STEPS);
    assertThat(calls[0]).isEqualTo(1);
  }
}
