package dev.fresco.engine.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.engine.AdapterUse;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.Prompt;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batches of one model share its weights, whatever adapters each puts into them. */
class BatchesOnTwoThreadsTest {
  private static final Path CHECKPOINT = Path.of("fixtures/sd15-tiny");
  private static final int ROUNDS = 8;
  @TempDir Path folder;

  @Test
  void eachPaintsWithItsOwnAdapters() throws Exception {
    RandomLora loras = new RandomLora(CHECKPOINT, folder);
    try (LocalModel model =
        LocalModel.load(CHECKPOINT, new ModelSettings("cpu", "fp32", 150, 1024))) {
      List<PictureRequest> requests =
          List.of(
              request(model, loras.peft("one", 4, layer -> layer.startsWith("unet."))),
              request(model, loras.peft("other", 4, layer -> layer.startsWith("unet."))),
              request(model, null));
      List<HostTensor> alone = new ArrayList<>();
      requests.forEach(request -> alone.add(paint(model, request)));
      assertThat(Distance.of(alone.get(0), alone.get(1))).isGreaterThan(1e-2);
      assertThat(Distance.of(alone.get(0), alone.get(2))).isGreaterThan(1e-2);

      ExecutorService threads = Executors.newFixedThreadPool(requests.size());
      try {
        CyclicBarrier start = new CyclicBarrier(requests.size());
        List<Future<List<HostTensor>>> painted =
            requests.stream()
                .map(request -> threads.submit(() -> rounds(model, request, start)))
                .toList();
        for (int i = 0; i < painted.size(); i++) {
          for (HostTensor picture : painted.get(i).get()) {
            assertThat(picture.data()).as("thread %d", i).isEqualTo(alone.get(i).data());
          }
        }
      } finally {
        threads.shutdown();
      }
    }
  }

  private static PictureRequest request(LocalModel model, Path lora) {
    List<AdapterUse> uses =
        lora == null ? List.of() : List.of(new AdapterUse(model.loadAdapter(lora), 0.9));
    return new PictureRequest(
        new PictureSettings(16, 12, 3, 5, "euler", 3),
        model.encode(Prompt.of("a cat", "a dog"), uses),
        null,
        uses,
        List.of());
  }

  private static List<HostTensor> rounds(
      LocalModel model, PictureRequest request, CyclicBarrier start) throws Exception {
    List<HostTensor> pictures = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      start.await();
      pictures.add(paint(model, request));
    }
    return pictures;
  }

  private static HostTensor paint(LocalModel model, PictureRequest request) {
    try (ModelBatch<String> batch = model.newBatch()) {
      batch.join("picture", request);
      while (batch.stepsDone("picture") < batch.stepsTotal("picture")) {
        batch.step(List.of("picture"));
      }
      return batch.latents("picture");
    }
  }
}
