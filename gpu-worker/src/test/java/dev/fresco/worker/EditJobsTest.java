package dev.fresco.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fresco.contracts.StoredObject;
import dev.fresco.contracts.job.EditMask;
import dev.fresco.contracts.job.JobEvent;
import dev.fresco.contracts.job.JobEvent.JobExecution;
import dev.fresco.contracts.job.JobImage;
import dev.fresco.contracts.job.JobKind;
import dev.fresco.contracts.job.JobRequest;
import dev.fresco.contracts.job.StartImage;
import dev.fresco.contracts.worker.WorkerStatus;
import dev.fresco.engine.KeptPart;
import dev.fresco.engine.PictureRequest;
import dev.fresco.platform.recording.RecordingFolder;
import dev.fresco.platform.store.ObjectStore;
import dev.fresco.platform.store.Sha256;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Edits, with recordings of their templates and without. */
class EditJobsTest {
  private static final int ALL = 1_000_000;
  private static final int SIDE = 64;
  private static final String WORKER = "worker-e";

  @TempDir static Path folder;
  private static WorkerScenario scenario;
  private static ObjectStore objects;
  private static GatedModel model;
  private static int templates;

  private JobImage template;

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
  void aTemplateOfItsOwn() throws IOException {
    scenario.gate.drainPermits();
    scenario.gate.release(ALL);
    scenario.cache.down = false;
    model.joined.clear();
    templates++;
    template = image("templates/" + templates, noise(templates), "tpl_" + templates);
  }

  private static BufferedImage noise(int seed) {
    BufferedImage picture = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(seed);
    for (int i = 0; i < SIDE * SIDE; i++) {
      picture.setRGB(i % SIDE, i / SIDE, random.nextInt(1 << 24));
    }
    return picture;
  }

  private static JobImage image(String key, BufferedImage picture) throws IOException {
    return image(key, picture, null);
  }

  private static JobImage image(String key, BufferedImage picture, String templateId)
      throws IOException {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(picture, "png", png);
    objects.put(key, png.toByteArray());
    StoredObject stored =
        new StoredObject(key, Sha256.of(png.toByteArray()), png.toByteArray().length);
    return new JobImage(stored, "image/png", SIDE, SIDE, templateId);
  }

  /** White from the left edge on, black for the rest. */
  private static EditMask mask(int columns) throws IOException {
    BufferedImage mask = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < SIDE * columns; i++) {
      mask.getRaster().setSample(i % columns, i / columns, 0, 255);
    }
    return new EditMask(image("inputs/mask-" + columns, mask), columns / (double) SIDE);
  }

  private JobRequest request(JobKind kind, EditMask mask, int steps, int count, double strength) {
    return new JobRequest(
        kind,
        "fake",
        kind == JobKind.RECORDING ? "" : "a fox",
        "",
        SIDE,
        SIDE,
        steps,
        5.0,
        "ddim",
        kind == JobKind.RECORDING ? 0 : 42,
        count,
        null,
        null,
        Map.of(),
        null,
        new StartImage(template, strength),
        mask,
        null,
        null);
  }

  private JobRequest edit(int columns) throws IOException {
    return request(JobKind.EDIT, mask(columns), 6, 1, 1);
  }

  private static String assign(JobRequest request) {
    return scenario.assign(request, WORKER);
  }

  private static JobEvent.Succeeded succeeded(String jobId) {
    JobEvent end = scenario.awaitEnd(jobId);
    assertThat(end).isInstanceOf(JobEvent.Succeeded.class);
    return (JobEvent.Succeeded) end;
  }

  private static BufferedImage picture(JobEvent.Succeeded job, int image) throws IOException {
    byte[] png = objects.get(job.images().get(image).objectKey()).orElseThrow();
    return ImageIO.read(new ByteArrayInputStream(png));
  }

  private BufferedImage templatePicture() throws IOException {
    return ImageIO.read(
        new ByteArrayInputStream(objects.get(template.object().objectKey()).orElseThrow()));
  }

  private void assertStaysFrom(int column, BufferedImage edited) throws IOException {
    BufferedImage original = templatePicture();
    for (int y = 0; y < SIDE; y++) {
      for (int x = column; x < SIDE; x++) {
        assertThat(edited.getRGB(x, y)).isEqualTo(original.getRGB(x, y));
      }
    }
    assertThat(edited.getRGB(0, 0)).isNotEqualTo(original.getRGB(0, 0));
  }

  private static void awaitRecording(String id) {
    await()
        .atMost(WorkerScenario.PATIENCE)
        .until(() -> scenario.cache.recordings.containsKey(id) && atHand().contains(id));
  }

  private static List<String> atHand() {
    List<WorkerStatus> told = scenario.statuses(WORKER);
    return told.get(told.size() - 1).recordings();
  }

  /** Forgets what is at hand, as if the job ran on another worker. */
  private static void forget(String id) {
    scenario.recordings(WORKER).remove(id, RecordingFolder.Reason.REQUESTED);
    await().atMost(WorkerScenario.PATIENCE).until(() -> !atHand().contains(id));
  }

  private String recorded() throws IOException {
    String id = succeeded(assign(edit(16))).execution().recording();
    awaitRecording(id);
    model.joined.clear();
    return id;
  }

  private static KeptPart kept(int member) {
    return model.joined.get(member).start().kept();
  }

  @Test
  void theFirstEditRunsDenseAndIsRecordedAndTheSecondRunsMasked() throws Exception {
    JobEvent.Succeeded first = succeeded(assign(edit(16)));
    JobExecution dense = first.execution();
    assertThat(dense.mode()).isEqualTo("dense");
    assertThat(dense.recordingHit()).isFalse();
    assertThat(dense.reason())
        .isEqualTo("there is no recording of its template with its settings yet");
    assertThat(dense.recording()).startsWith("rec_");
    awaitRecording(dense.recording());
    assertThat(model.joined).hasSize(2);
    PictureRequest beside = model.joined.get(1);
    assertThat(beside.recorder()).isNotNull();
    assertThat(beside.start().kept().mask().data()).containsOnly(0f);
    assertThat(beside.start().kept().noiseSeed()).isEqualTo(kept(0).noiseSeed());

    JobEvent.Succeeded second = succeeded(assign(edit(16)));
    JobExecution masked = second.execution();
    assertThat(masked.mode()).isEqualTo("masked");
    assertThat(masked.recordingHit()).isTrue();
    assertThat(masked.reason()).isNull();
    assertThat(masked.recording()).isEqualTo(dense.recording());
    assertThat(model.joined).as("nothing more is recorded").hasSize(3);
    assertThat(kept(2).recording()).isNotNull();
    assertThat(kept(2).recording().steps()).isEqualTo(6);
    assertThat(second.images().get(0).sha256()).as("of other settings in the text").isNotNull();
    assertStaysFrom(16, picture(first, 0));
    assertStaysFrom(16, picture(second, 0));
    assertThat(pixels(picture(second, 0))).isEqualTo(pixels(picture(first, 0)));
  }

  private static int[] pixels(BufferedImage image) {
    return image.getRGB(0, 0, SIDE, SIDE, null, 0, SIDE);
  }

  @Test
  void theNoiseAroundIsTheTemplatesAndTheMaskHasAMargin() throws Exception {
    succeeded(assign(edit(16)));
    long seed = Long.parseUnsignedLong(template.object().sha256().substring(0, 16), 16);
    assertThat(kept(0).noiseSeed()).isEqualTo(seed);
    assertThat(model.joined.get(0).settings().seed()).isEqualTo(42);
    assertThat(model.joined.get(0).start().deviation()).isNull();
    assertThat(kept(0).mask().shape()).containsExactly(8, 8);
    assertThat(kept(0).mask().data()).startsWith(1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 0);
  }

  @Test
  void aTemplateIsEncodedOnce() throws Exception {
    int before = model.encoded.get();
    String id = recorded();
    succeeded(assign(edit(8)));
    succeeded(assign(request(JobKind.EDIT, mask(8), 6, 2, 0.5)));
    assertThat(model.encoded.get()).isEqualTo(before + 1);
    assertThat(atHand()).contains(id);
  }

  @Test
  void anotherWorkersRecordingIsFetched() throws Exception {
    String id = recorded();
    forget(id);
    JobExecution execution = succeeded(assign(edit(8))).execution();
    assertThat(execution.mode()).isEqualTo("masked");
    assertThat(execution.recording()).isEqualTo(id);
    assertThat(model.joined).as("nothing is recorded again").hasSize(1);
  }

  @Test
  void aLargeMaskRunsDenseAndSaysSo() throws Exception {
    recorded();
    JobExecution execution = succeeded(assign(edit(40))).execution();
    assertThat(execution.mode()).isEqualTo("dense");
    assertThat(execution.reason())
        .contains("its mask covers 0.625", "from 0.500 (fresco.worker.edit.break-even)");
    assertThat(model.joined).hasSize(1);
  }

  @Test
  void withoutCacheServiceEditsRunDenseAndSaySoAndAreRecordedForThisWorker() throws Exception {
    scenario.cache.down = true;
    JobExecution execution = succeeded(assign(edit(16))).execution();
    assertThat(execution.mode()).isEqualTo("dense");
    assertThat(execution.reason()).isEqualTo("the recording could not be fetched");
    await().atMost(WorkerScenario.PATIENCE).until(() -> atHand().contains(execution.recording()));
    assertThat(succeeded(assign(edit(16))).execution().mode()).isEqualTo("masked");
  }

  @Test
  void aDamagedRecordingIsDroppedAndTheEditRunsAgainDense() throws Exception {
    String id = recorded();
    Path file = folder.resolve("local-recordings").resolve(WORKER).resolve(id + ".frec");
    byte[] bytes = Files.readAllBytes(file);
    for (int i = bytes.length - 20_000; i < bytes.length; i++) {
      bytes[i] ^= 1;
    }
    Files.write(file, bytes, StandardOpenOption.WRITE);
    String jobId = assign(request(JobKind.EDIT, mask(16), 6, 2, 1));
    JobEvent.Succeeded again = succeeded(jobId);
    assertThat(again.execution().mode()).isEqualTo("dense");
    assertThat(again.execution().recordingHit()).isFalse();
    assertThat(again.execution().reason()).isEqualTo("its recording is damaged");
    assertStaysFrom(16, picture(again, 1));
    await().atMost(WorkerScenario.PATIENCE).until(() -> scenario.cache.damaged.contains(id));
    assertThat(scenario.events(jobId))
        .filteredOn(JobEvent.Step.class::isInstance)
        .last()
        .extracting(event -> ((JobEvent.Step) event).stepsDone())
        .isEqualTo(12);
    // Whoever comes next fetches it, or makes it again.
    scenario.cache.recordings.remove(id);
    assertThat(succeeded(assign(edit(8))).execution().recording()).isEqualTo(id);
    awaitRecording(id);
  }

  @Test
  void aRecordingThatArrivesDamagedIsReportedAndTheEditRunsDense() throws Exception {
    String id = recorded();
    forget(id);
    byte[] file = scenario.cache.recordings.get(id);
    for (int i = file.length - 20_000; i < file.length; i++) {
      file[i] ^= 1;
    }
    JobEvent.Succeeded edited = succeeded(assign(edit(16)));
    assertThat(edited.execution().mode()).isEqualTo("dense");
    assertStaysFrom(16, picture(edited, 0));
    await().atMost(WorkerScenario.PATIENCE).until(() -> scenario.cache.damaged.contains(id));
  }

  @Test
  void aRecordingThatComesTooLateIsNotWaitedFor() throws Exception {
    String id = recorded();
    forget(id);
    scenario.cache.downloads.drainPermits();
    JobExecution execution = succeeded(assign(edit(16))).execution();
    scenario.cache.downloads.release(ALL);
    assertThat(execution.mode()).isEqualTo("dense");
    assertThat(execution.reason()).isEqualTo("the recording is still being fetched");
    await().atMost(WorkerScenario.PATIENCE).until(() -> atHand().contains(id));
    assertThat(succeeded(assign(edit(16))).execution().mode()).isEqualTo("masked");
  }

  @Test
  void aPictureThatCameWithItsRequestIsNotRecorded() throws Exception {
    template = image("inputs/own", noise(99));
    JobExecution execution = succeeded(assign(edit(16))).execution();
    assertThat(execution.mode()).isEqualTo("dense");
    assertThat(execution.recording()).isNull();
    assertThat(model.joined).hasSize(1);
  }

  @Test
  void aMaskOfNothingYieldsTheTemplateAndOneOfAllPaintsAll() throws Exception {
    JobEvent.Succeeded nothing = succeeded(assign(request(JobKind.EDIT, mask(0), 6, 2, 1)));
    assertThat(nothing.images()).hasSize(2);
    assertThat(pixels(picture(nothing, 1))).isEqualTo(pixels(templatePicture()));
    assertThat(model.joined).isEmpty();
    JobEvent.Succeeded all = succeeded(assign(edit(SIDE)));
    assertThat(all.execution().mode()).isEqualTo("dense");
    assertThat(picture(all, 0).getRGB(63, 63)).isNotEqualTo(templatePicture().getRGB(63, 63));
  }

  @Test
  void aTemplateThatIsDeletedMeanwhileIsEdited() throws Exception {
    scenario.gate.drainPermits();
    String jobId = assign(edit(16));
    await().atMost(WorkerScenario.PATIENCE).until(() -> !model.joined.isEmpty());
    BufferedImage original = templatePicture();
    objects.delete(template.object().objectKey());
    scenario.gate.release(ALL);
    assertThat(picture(succeeded(jobId), 0).getRGB(40, 9)).isEqualTo(original.getRGB(40, 9));
  }

  @Test
  void anEditThatWaitsForAPlaceUsesARecordingThatIsMadeMeanwhile() throws Exception {
    scenario.gate.drainPermits();
    final String others = assign(WorkerScenario.request("a cat", 150, 7));
    final String first = assign(edit(16));
    await().atMost(WorkerScenario.PATIENCE).until(() -> model.joined.size() == 7);
    scenario.stepUntil(() -> model.joined.size() == 8);
    final String filler = assign(WorkerScenario.request("a dog", 100, 1));
    await().atMost(WorkerScenario.PATIENCE).until(() -> scenario.waits(WORKER, filler));
    final String second = assign(edit(16));
    scenario.stepUntil(() -> !atHand().isEmpty() && !scenario.ends(first).isEmpty());
    String id = succeeded(first).execution().recording();
    scenario.stepUntil(() -> atHand().contains(id));
    assertThat(scenario.events(second)).as("it still waits").isEmpty();
    scenario.gate.release(ALL);
    assertThat(succeeded(second).execution().mode()).isEqualTo("masked");
    succeeded(others);
    succeeded(filler);
  }

  @Test
  void theStatusTellsWhatIsComputed() throws Exception {
    recorded();
    scenario.gate.drainPermits();
    String masked = assign(edit(16));
    String dense = assign(edit(40));
    scenario.stepUntil(() -> model.joined.size() == 2);
    scenario.gate.release();
    await()
        .atMost(WorkerScenario.PATIENCE)
        .untilAsserted(
            () -> {
              List<WorkerStatus> told = scenario.statuses(WORKER);
              assertThat(ratio(told.get(told.size() - 1), masked)).isEqualTo(0.25);
              assertThat(ratio(told.get(told.size() - 1), dense)).isEqualTo(1);
            });
    scenario.gate.release(ALL);
    succeeded(masked);
    succeeded(dense);
  }

  private static double ratio(WorkerStatus status, String jobId) {
    return status.members().stream()
        .filter(member -> member.jobId().equals(jobId))
        .mapToDouble(WorkerStatus.Member::ratio)
        .findFirst()
        .orElse(-1);
  }

  @Test
  void aRecordingIsAJobWithoutPictures() throws Exception {
    JobRequest request = request(JobKind.RECORDING, null, 6, 1, 1);
    String jobId = assign(request);
    JobEvent.Succeeded made = succeeded(jobId);
    assertThat(made.images()).isEmpty();
    assertThat(made.execution().recordingHit()).isNull();
    assertThat(scenario.cache.recordings).containsKey(made.execution().recording());
    assertThat(model.joined).hasSize(1);
    assertThat(scenario.events(jobId)).filteredOn(JobEvent.Step.class::isInstance).hasSize(6);
    JobEvent.Succeeded again = succeeded(assign(request));
    assertThat(again.execution().recording()).isEqualTo(made.execution().recording());
    assertThat(model.joined).as("it is there already").hasSize(1);
    assertThat(succeeded(assign(edit(16))).execution().mode()).isEqualTo("masked");
  }
}
