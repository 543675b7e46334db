package dev.fresco.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.contracts.StoredObject;
import dev.fresco.contracts.job.ControlNetUse;
import dev.fresco.contracts.job.JobEvent;
import dev.fresco.contracts.job.JobImage;
import dev.fresco.contracts.job.JobKind;
import dev.fresco.contracts.job.JobRequest;
import dev.fresco.contracts.job.LongPrompts;
import dev.fresco.contracts.job.LoraUse;
import dev.fresco.contracts.job.PromptOptions;
import dev.fresco.contracts.job.StartImage;
import dev.fresco.engine.ControlUse;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.Prompt;
import dev.fresco.platform.store.ObjectStore;
import dev.fresco.platform.store.Sha256;
import io.micrometer.core.instrument.MeterRegistry;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that work from pictures and with adapters, which lie in the object store. */
class SourceJobsTest {
  private static final int ALL = 1_000_000;
  private static final String WORKER = "worker-s";

  @TempDir static Path folder;
  private static WorkerScenario scenario;
  private static ObjectStore objects;
  private static GatedModel model;

  @BeforeAll
  static void start() {
    scenario = new WorkerScenario(folder);
    scenario.startWorker(WORKER);
    objects = scenario.worker(WORKER).getBean(ObjectStore.class);
    model = scenario.model(WORKER);
  }

  @AfterAll
  static void stop() {
    scenario.close();
  }

  @BeforeEach
  void openTheGate() {
    scenario.gate.drainPermits();
    scenario.gate.release(ALL);
    model.joined.clear();
  }

  private static StoredObject stored(String key, byte[] bytes) throws IOException {
    objects.put(key, bytes);
    return new StoredObject(key, Sha256.of(bytes), bytes.length);
  }

  /** An adapter's file of noise behind its first byte, which says how it loads. */
  private static LoraUse lora(String id, int first, int bytes) throws IOException {
    byte[] file = new byte[bytes];
    new Random(id.hashCode()).nextBytes(file);
    file[0] = (byte) first;
    return new LoraUse(id, -0.5, stored("adapters/" + id, file));
  }

  private static JobImage image(String key, int size) throws IOException {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    BufferedImage picture = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
    picture.setRGB(0, 0, 0xFF0000);
    ImageIO.write(picture, "png", png);
    return new JobImage(stored(key, png.toByteArray()), "image/png", size, size, null);
  }

  private static JobRequest request(
      String prompt,
      PromptOptions options,
      StartImage start,
      List<LoraUse> loras,
      List<ControlNetUse> nets) {
    return request(9, prompt, options, start, loras, nets);
  }

  private static JobRequest request(
      int steps,
      String prompt,
      PromptOptions options,
      StartImage start,
      List<LoraUse> loras,
      List<ControlNetUse> nets) {
    return new JobRequest(
        start == null ? JobKind.TEXT_TO_IMAGE : JobKind.IMAGE_TO_IMAGE,
        "fake",
        prompt,
        "",
        64,
        64,
        steps,
        5.0,
        "ddim",
        42,
        2,
        null,
        null,
        Map.of(),
        options,
        start,
        null,
        loras,
        nets);
  }

  private static JobRequest with(LoraUse... loras) {
    return request("a fox", null, null, List.of(loras), List.of());
  }

  private static JobRequest from(JobImage image) {
    return request("a fox", null, new StartImage(image, 0.5), List.of(), List.of());
  }

  private static JobEvent.Succeeded succeeded(String jobId) {
    JobEvent end = scenario.awaitEnd(jobId);
    assertThat(end).isInstanceOf(JobEvent.Succeeded.class);
    return (JobEvent.Succeeded) end;
  }

  private static String assign(JobRequest request) {
    return scenario.assign(request, WORKER);
  }

  private static void assertFails(JobRequest request, ErrorCode code, String... words) {
    JobEvent end = scenario.awaitEnd(assign(request));
    assertThat(end).isInstanceOf(JobEvent.Failed.class);
    JobEvent.Failed failed = (JobEvent.Failed) end;
    assertThat(failed.code()).as(failed.message()).isEqualTo(code);
    assertThat(failed.message()).contains(words).doesNotContain(folder.toString());
  }

  @Test
  void aPictureIsStartedFromAndTheEngineCountsTheSteps() throws Exception {
    String jobId = assign(from(image("inputs/job_1/image", 64)));
    JobEvent.Succeeded end = succeeded(jobId);
    assertThat(model.joined).hasSize(2);
    PictureRequest joined = model.joined.get(0);
    assertThat(joined.start().strength()).isEqualTo(0.5);
    assertThat(joined.start().mean().shape()).containsExactly(3, 8, 8);
    assertThat(joined.start().mean().data()[0]).as("red").isEqualTo(1f);
    assertThat(scenario.events(jobId))
        .filteredOn(JobEvent.Step.class::isInstance)
        .extracting(event -> ((JobEvent.Step) event).stepsTotal())
        .as("two pictures of 4 of 9 steps")
        .containsOnly(8)
        .hasSize(4);
    byte[] png = Files.readAllBytes(folder.resolve(end.images().get(0).objectKey()));
    assertThat(new String(png, StandardCharsets.ISO_8859_1))
        .contains("\"strength\":0.5")
        .doesNotContain("objectKey", "inputs/");
  }

  @Test
  void aPictureThatIsGoneFailsItsJob() throws Exception {
    JobImage image = image("inputs/job_2/image", 64);
    objects.delete("inputs/job_2/image");
    assertFails(from(image), ErrorCode.INPUT_NOT_FOUND, "the picture to start from is no longer");
  }

  @Test
  void jobsWithOneLoraShareIt() throws Exception {
    LoraUse lora = lora("lora_shared", 0, 1000);
    int before = model.adapters.loaded.size();
    succeeded(assign(with(lora)));
    succeeded(assign(with(lora)));
    assertThat(model.adapters.loaded).hasSize(before + 1);
    assertThat(model.joined).hasSize(4);
    assertThat(model.joined)
        .allSatisfy(
            joined -> {
              assertThat(joined.adapters()).hasSize(1);
              assertThat(joined.adapters().get(0).scale()).isEqualTo(-0.5);
              assertThat(joined.adapters().get(0).adapter())
                  .isSameAs(model.adapters.loaded.get(before));
            });
  }

  @Test
  void anAdapterThatWasDeletedFailsItsJobAlone() throws Exception {
    LoraUse gone = lora("lora_gone", 0, 1000);
    objects.delete(gone.file().objectKey());
    assertFails(
        with(lora("lora_there", 0, 900), gone),
        ErrorCode.ADAPTER_NOT_FOUND,
        "the file of LoRA lora_gone is no longer there");
    succeeded(assign(with(lora("lora_there", 0, 900))));
  }

  @Test
  void anAdapterThatDoesNotFitSaysWhy() throws Exception {
    assertFails(
        with(lora("lora_unfit", WatchedAdapters.UNFIT, 1000)),
        ErrorCode.ADAPTER_UNUSABLE,
        "lora_unfit does not fit the model: lora_unfit: unet.mid.to_q has the shape");
  }

  @Test
  void moreThanTheMemoryTakesIsRefused() throws Exception {
    assertFails(
        with(lora("lora_huge", 0, WorkerScenario.LORA_MEMORY)),
        ErrorCode.ADAPTER_UNUSABLE,
        "lora_huge: it takes 20000 bytes; of 10000 (fresco.worker.lora-memory)");
  }

  @Test
  void anAdapterInUseIsKeptAndAnyOtherGoesWhenItsPlaceIsNeeded() throws Exception {
    scenario.gate.drainPermits();
    List<LoraUse> used = List.of(lora("lora_inuse", 0, 3000));
    String running = assign(request(150, "a fox", null, null, used, List.of()));
    await().atMost(WorkerScenario.PATIENCE).until(() -> model.joined.size() == 2);
    WatchedAdapters.Watched inUse =
        (WatchedAdapters.Watched) model.joined.get(0).adapters().get(0).adapter();
    String other = assign(with(lora("lora_other", 0, 1900)));
    scenario.cancel(other);
    scenario.stepUntil(() -> !scenario.ends(other).isEmpty());
    assertThat(scenario.awaitEnd(other)).isInstanceOf(JobEvent.Cancelled.class);
    String another = assign(with(lora("lora_another", 0, 1950)));
    await().atMost(WorkerScenario.PATIENCE).until(() -> model.adapters.open().size() <= 2);
    assertThat(inUse.open).isTrue();
    scenario.gate.release(ALL);
    succeeded(running);
    succeeded(another);
    // What ended jobs used is let go of: the whole memory is there for the next.
    succeeded(assign(with(lora("lora_large", 0, 4999))));
    assertThat(inUse.open).isFalse();
    assertThat(model.adapters.open()).hasSize(1);
    MeterRegistry meters = scenario.worker(WORKER).getBean(MeterRegistry.class);
    assertThat(meters.get("fresco.worker.loras.bytes").gauge().value()).isEqualTo(2 * 4999);
  }

  @Test
  void aJobWaitsForRoomThatOthersUse() throws Exception {
    scenario.gate.drainPermits();
    List<LoraUse> used = List.of(lora("lora_first", 0, 3000));
    String running = assign(request(20, "a fox", null, null, used, List.of()));
    await().atMost(WorkerScenario.PATIENCE).until(() -> model.joined.size() == 2);
    String waiting = assign(with(lora("lora_second", 0, 2500)));
    String late = assign(withDeadline(with(lora("lora_third", 0, 2600))));
    assertThat(scenario.awaitEnd(late)).isInstanceOf(JobEvent.Expired.class);
    assertThat(scenario.ends(waiting)).isEmpty();
    assertThat(model.joined).as("it is not in the batch").hasSize(2);
    scenario.gate.release(ALL);
    succeeded(running);
    succeeded(waiting);
  }

  private static JobRequest withDeadline(JobRequest request) {
    return new JobRequest(
        request.kind(),
        request.model(),
        request.prompt(),
        request.negativePrompt(),
        request.width(),
        request.height(),
        request.steps(),
        request.guidanceScale(),
        request.sampler(),
        request.seed(),
        request.count(),
        request.priority(),
        Instant.now().plusMillis(300),
        request.labels(),
        request.promptOptions(),
        request.start(),
        request.mask(),
        request.loras(),
        request.controlnets());
  }

  @Test
  void adaptersThatDoNotFitTogetherAreRefused() throws Exception {
    assertFails(
        with(lora("lora_half", 0, 3000), lora("lora_more", 0, 2500)),
        ErrorCode.ADAPTER_UNUSABLE,
        "what the job uses takes 11000 bytes; of 10000 (fresco.worker.lora-memory)");
  }

  @Test
  void aJobOfWordsWaitsForNobodysAdapter() throws Exception {
    String slow = assign(with(lora("lora_slow", WatchedAdapters.SLOW, 500)));
    succeeded(scenario.assign(WorkerScenario.request("a cat", 3, 1), WORKER));
    assertThat(scenario.ends(slow)).isEmpty();
    model.adapters.slow.release();
    succeeded(slow);
  }

  @Test
  void aControlNetIsShownItsPicture() throws Exception {
    ControlNetUse net =
        new ControlNetUse(
            "cnet_1",
            image("inputs/job_3/controlnets-0-image", 64),
            1.5,
            0.2,
            0.8,
            stored("adapters/cnet_1", new byte[] {0, 7, 7}),
            stored("adapters/cnet_1.json", new byte[] {'{', '}'}));
    succeeded(assign(request("a fox", null, null, List.of(), List.of(net))));
    ControlUse use = model.joined.get(0).controls().get(0);
    assertThat(use.scale()).isEqualTo(1.5);
    assertThat(use.from()).isEqualTo(0.2);
    assertThat(use.to()).isEqualTo(0.8);
    assertThat(use.picture().width()).isEqualTo(64);
    assertThat(use.picture().rgb()).startsWith(-1, 0, 0);
  }

  @Test
  void promptsAreReadAsTheRequestSays() {
    PromptOptions options = new PromptOptions("oil", "photo", 1, LongPrompts.CHUNKS);
    succeeded(assign(request("a fox of oil", options, null, List.of(), List.of())));
    assertThat(model.prompts)
        .contains(new Prompt("a fox of oil", "", "oil", "photo", 1, Prompt.LongPrompt.CHUNK));
  }

  @Test
  void aPromptThatWasCutIsToldFromTheStart() {
    String jobId = assign(request(GatedModel.TOO_LONG, null, null, List.of(), List.of()));
    String warning =
        "a prompt is longer than the 77 tokens that the text encoder reads; its end was cut";
    assertThat(succeeded(jobId).warnings()).containsExactly(warning);
    JobEvent.Started started = (JobEvent.Started) scenario.events(jobId).get(0);
    assertThat(started.warnings()).containsExactly(warning);
  }
}
