package dev.fresco.engine.batch;

import dev.fresco.engine.AdapterUse;
import dev.fresco.engine.ControlNet;
import dev.fresco.engine.ControlUse;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.Picture;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.Prompt.LongPrompt;
import dev.fresco.engine.StartLatents;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Requests of all kinds for a model in {@code fixtures/}: no two agree in sampler, and all that a
 * request can ask for comes in several forms, independently of each other.
 */
final class Crowd implements AutoCloseable {
  private static final List<Double> GUIDANCE = List.of(7.5, 0.0, 1.0, 4.0);
  private static final int[][] PLACES = {{6, 8}, {5, 7}, {6, 8}, {9, 3}, {6, 8}};
  private static final List<String> TEXTS =
      List.of("a cat", "a red apple, and a dog " + "on a blue house ".repeat(25), "a big tree");
  private static final List<String> NEGATIVE =
      List.of("", "a dog", "small old " + "rocket ".repeat(70));

  private final LocalModel model;
  private final int factor;
  private final List<ControlNet> nets;
  private final List<List<AdapterUse>> adapters;
  private final List<PictureRequest> requests = new ArrayList<>();

  /**
   * @param name of the checkpoint
   * @param folder for adapters
   */
  Crowd(LocalModel model, String name, Path folder) {
    this.model = model;
    Path fixtures = Path.of("fixtures");
    this.factor = 2;
    this.nets =
        List.of(
            model.loadControlNet(fixtures.resolve(name + "-sketch")),
            model.loadControlNet(fixtures.resolve(name + "-sketch")));
    this.adapters = adapters(new RandomLora(fixtures.resolve(name), folder));
    for (int i = 0; i < model.card().samplers().size(); i++) {
      requests.add(request(i));
    }
  }

  /** None, one, two with a negative scale, and one that is twice the same. */
  private List<List<AdapterUse>> adapters(RandomLora lora) {
    AdapterUse attention =
        use(
            lora.peft("attention", 4, layer -> layer.contains("attn") && !layer.contains("up_")),
            1);
    AdapterUse everything = use(lora.kohya("everything", 3, layer -> true), 0.7);
    AdapterUse negative = new AdapterUse(attention.adapter(), -0.6);
    return List.of(
        List.of(),
        List.of(attention),
        List.of(everything, negative),
        List.of(everything),
        List.of());
  }

  private AdapterUse use(Path file, double scale) {
    return new AdapterUse(model.loadAdapter(file), scale);
  }

  private PictureRequest request(int index) {
    int[] places = PLACES[index % PLACES.length];
    PictureSettings settings =
        new PictureSettings(
            places[1] * factor,
            places[0] * factor,
            4 + index % 4,
            GUIDANCE.get(index % GUIDANCE.size()),
            model.card().samplers().get(index),
            1000 + index);
    List<AdapterUse> own = adapters.get((index + index / 5) % adapters.size());
    Prompt prompt =
        new Prompt(
            TEXTS.get(index % TEXTS.size()),
            NEGATIVE.get((index + index / 3) % NEGATIVE.size()),
            null,
            null,
            index % 2,
            LongPrompt.CHUNK);
    return new PictureRequest(
        settings,
        model.encode(prompt, own),
        start(settings, index),
        own,
        controls(settings, index));
  }

  private StartLatents start(PictureSettings settings, int index) {
    return index % 3 == 2
        ? model.encodePicture(picture(settings, index), 0.5 + 0.05 * index)
        : null;
  }

  /** None, one that starts late, two of which one stops early, one network on two pictures. */
  private List<ControlUse> controls(PictureSettings settings, int index) {
    Picture one = picture(settings, 50 + index);
    Picture other = picture(settings, 70 + index);
    return switch (index % 4) {
      case 0 -> List.of();
      case 1 -> List.of(new ControlUse(nets.get(0), one, 0.8, 0.3, 1));
      case 2 ->
          List.of(
              new ControlUse(nets.get(0), one, 1.1, 0, 0.5),
              new ControlUse(nets.get(1), other, -0.5, 0.2, 0.9));
      default ->
          List.of(
              new ControlUse(nets.get(1), one, 0.6, 0, 1),
              new ControlUse(nets.get(1), other, 0.3, 0.4, 1));
    };
  }

  static Picture picture(PictureSettings settings, long seed) {
    byte[] rgb = new byte[settings.width() * settings.height() * 3];
    new Random(seed).nextBytes(rgb);
    return new Picture(settings.width(), settings.height(), rgb);
  }

  List<PictureRequest> requests() {
    return requests;
  }

  /** What a request becomes in a batch of its own. */
  HostTensor alone(PictureRequest request) {
    try (ModelBatch<String> solo = model.newBatch()) {
      solo.join("solo", request);
      while (solo.stepsDone("solo") < solo.stepsTotal("solo")) {
        solo.step(List.of("solo"));
      }
      return solo.latents("solo");
    }
  }

  /** What all become in one batch that one of them joins at each step; not all take each step. */
  Map<PictureRequest, HostTensor> together() {
    Map<PictureRequest, HostTensor> finished = new LinkedHashMap<>();
    List<PictureRequest> running = new ArrayList<>();
    try (ModelBatch<PictureRequest> batch = model.newBatch()) {
      int turn = 0;
      for (int joined = 0; finished.size() < requests.size(); ) {
        if (joined < requests.size()) {
          PictureRequest next = requests.get(joined++);
          batch.join(next, next);
          running.add(next);
        }
        batch.step(turn++ % 3 == 1 ? everySecond(running) : running);
        for (PictureRequest member : List.copyOf(running)) {
          if (batch.stepsDone(member) == batch.stepsTotal(member)) {
            finished.put(member, batch.latents(member));
            batch.leave(member);
            running.remove(member);
          }
        }
      }
    }
    return finished;
  }

  private static List<PictureRequest> everySecond(List<PictureRequest> running) {
    return IntStream.range(0, running.size())
        .filter(i -> i % 2 == 0)
        .mapToObj(running::get)
        .toList();
  }

  @Override
  public void close() {
    nets.forEach(ControlNet::close);
  }
}
