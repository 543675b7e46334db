package dev.fresco.engine.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import dev.fresco.engine.AdapterUse;
import dev.fresco.engine.Conditioning;
import dev.fresco.engine.ControlNet;
import dev.fresco.engine.ControlUse;
import dev.fresco.engine.NativeTensors;
import dev.fresco.engine.NotFiniteException;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.adapter.LoraReader;
import dev.fresco.engine.checkpoint.Checkpoint;
import dev.fresco.engine.checkpoint.ComponentFolder;
import dev.fresco.engine.unet.ControlNetModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever joined, painted, failed and left, no tensor stays behind. */
class BatchMemoryTest {
  private static final Path CHECKPOINT = Path.of("fixtures/sd15-tiny");
  private static final int TURNS = 60;

  private final OwnedParts owned = new OwnedParts();
  private final Random random = new Random(4);
  private UNetParts parts;
  private NDManager root;
  private Conditioning prompt;

  @BeforeEach
  void load() {
    parts =
        UNetParts.load(
            Checkpoint.open(CHECKPOINT), new ModelSettings("cpu", "fp32", 150, 1024), owned);
    root = parts.kernels().manager();
    prompt = parts.prompts().encode(Prompt.of("a cat", "a dog"), List.of());
  }

  @AfterEach
  void unload() {
    owned.close();
  }

  private ModelBatch<Integer> newBatch() {
    NDManager manager = root.newSubManager();
    return new ModelBatch<>(
        manager,
        new UNetDenoiser(manager, parts),
        parts.kernels(),
        parts.samplers(),
        new ModelBatch.Latents(4, parts.autoencoder().factor(), 1));
  }

  @Test
  void nothingStaysOfMembersThatComeAndGo() {
    List<AdapterUse> adapters = adapters();
    int idle = NativeTensors.heldBy(root);
    for (int round = 0; round < 2; round++) {
      try (ModelBatch<Integer> batch = newBatch();
          ControlNet net = controlNet()) {
        int loaded = NativeTensors.heldBy(root);
        run(batch, net, adapters);
        // What a batch keeps of its last step is not a member's.
        batch.join(-1, PictureRequest.of(settings(5), prompt));
        batch.step(List.of(-1));
        int kept = NativeTensors.heldBy(root);
        batch.step(List.of(-1));
        assertThat(NativeTensors.heldBy(root)).isEqualTo(kept);
        assertThat(kept - loaded).as("what one member needs").isLessThan(60);
      }
      assertThat(NativeTensors.heldBy(root)).isEqualTo(idle);
    }
  }

  /** Joins, leaves half done, finishes, and fails, as it comes. */
  private void run(ModelBatch<Integer> batch, ControlNet net, List<AdapterUse> adapters) {
    List<Integer> running = new ArrayList<>();
    for (int turn = 0; turn < TURNS; turn++) {
      if (running.size() < 4) {
        batch.join(turn, request(net, adapters));
        running.add(turn);
      }
      if (turn % 7 == 3) {
        refuse(batch, net, running);
      }
      batch.step(running);
      if (turn % 5 == 4) {
        batch.leave(running.remove(random.nextInt(running.size())));
      }
      for (Integer member : List.copyOf(running)) {
        if (batch.stepsDone(member) == batch.stepsTotal(member)) {
          batch.leave(member);
          running.remove(member);
        }
      }
    }
    running.forEach(batch::leave);
  }

  /** A member that cannot join, and one that spoils a step. */
  private void refuse(ModelBatch<Integer> batch, ControlNet net, List<Integer> running) {
    PictureSettings small = new PictureSettings(8, 8, 2, 5, "ddim", 1);
    PictureRequest wrong =
        new PictureRequest(small, prompt, null, List.of(), List.of(use(net, settings(1))));
    assertThatThrownBy(() -> batch.join(-1, wrong)).hasMessageContaining("pixels");
    batch.join(-1, PictureRequest.of(settings(1e39), prompt));
    List<Integer> all = new ArrayList<>(running);
    all.add(-1);
    assertThatThrownBy(() -> batch.step(all)).isInstanceOf(NotFiniteException.class);
    batch.leave(-1);
  }

  private PictureRequest request(ControlNet net, List<AdapterUse> adapters) {
    PictureSettings settings = settings(random.nextInt(3) * 3);
    List<AdapterUse> own = adapters.subList(random.nextInt(2), 1 + random.nextInt(adapters.size()));
    List<ControlUse> controls = random.nextBoolean() ? List.of(use(net, settings)) : List.of();
    return new PictureRequest(settings, prompt, null, own, controls);
  }

  private static ControlUse use(ControlNet net, PictureSettings settings) {
    return new ControlUse(net, Crowd.picture(settings, 1), 0.7, 0.2, 0.9);
  }

  private PictureSettings settings(double guidance) {
    int side = 4 * (2 + random.nextInt(2));
    List<String> samplers = parts.samplers().names();
    String sampler = samplers.get(random.nextInt(samplers.size()));
    return new PictureSettings(side, 12, 2 + random.nextInt(5), guidance, sampler, 9);
  }

  private List<AdapterUse> adapters() {
    LoraReader reader = new LoraReader(parts.adaptableLayers());
    List<AdapterUse> uses = new ArrayList<>();
    for (String name : List.of("a", "b")) {
      Path file = Path.of("fixtures/lora/sd15-tiny-%s.peft.safetensors".formatted(name));
      uses.add(
          new AdapterUse(LoadedAdapter.of(parts.kernels(), reader.read(file)), uses.size() - 0.4));
    }
    return uses;
  }

  private ControlNet controlNet() {
    Path folder = Path.of("fixtures/sd15-tiny-sketch");
    ControlNetModel network =
        ControlNetModel.load(new ComponentFolder(folder), parts.kernels(), parts.computeType());
    return new LoadedControlNet("sketch", network, parts.kernels());
  }
}
