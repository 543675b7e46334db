package dev.fresco.benchmarks.soak;

import dev.fresco.contracts.worker.ModelCard;
import dev.fresco.engine.AdapterUse;
import dev.fresco.engine.DenoisingBatch;
import dev.fresco.engine.DiffusionModel;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.NotFiniteException;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.Prompt;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Serves requests as a worker does: one thread denoises a batch that requests join and leave
 * between steps, others encode, decode and paint previews.
 */
final class SoakLoop implements AutoCloseable {
  private static final int OTHER_THREADS = 2;

  private final DiffusionModel model;
  private final SoakAssets assets;
  private final DenoisingBatch<Integer> batch;
  private final int capacity;
  private final SoakMix mix;
  private final Random arrivals;
  private final SoakTally tally = new SoakTally();
  private final Map<Integer, Member> members = new LinkedHashMap<>();
  private final ExecutorService others = Executors.newFixedThreadPool(OTHER_THREADS);
  private final List<Future<?>> pictures = new ArrayList<>();
  private int started;

  private record Member(SoakRequest request, SoakAssets.Handles handles) {}

  /**
   * @param capacity members of the batch at most
   * @param arrivals decides when requests join
   */
  SoakLoop(DiffusionModel model, SoakAssets assets, int capacity, SoakMix mix, Random arrivals) {
    this.model = model;
    this.assets = assets;
    this.batch = model.newBatch();
    this.capacity = capacity;
    this.mix = mix;
    this.arrivals = arrivals;
  }

  SoakTally tally() {
    return tally;
  }

  /**
   * Serves a batch as full and heavy as there can be. Allocators keep what they once had to take,
   * so memory would grow with each heavier batch that comes up by chance; after the heaviest, what
   * grows is lost.
   */
  void serveHeaviest() {
    for (int i = 0; i < capacity; i++) {
      join(mix.heaviest(i));
    }
    serve(0);
  }

  /** Serves so many more requests, until all have ended and nothing is under way. */
  void serve(int requests) {
    int last = started + requests;
    while (started < last || !members.isEmpty()) {
      while (started < last && members.size() < capacity && arrivals.nextBoolean()) {
        join(mix.next());
      }
      step();
      settle();
    }
    pictures.forEach(SoakLoop::await);
    pictures.clear();
    stepAsAlways();
  }

  /**
   * A batch may keep what its last step needed, so that the next needs not make it again. Readings
   * can be compared if that step is always the same: here one picture without an adapter and one
   * with each.
   */
  private void stepAsAlways() {
    ModelCard card = model.card();
    int side = card.sizeMultiple();
    PictureSettings settings = new PictureSettings(side, side, 1, 1, card.defaultSampler(), 0);
    List<Integer> last = new ArrayList<>();
    for (List<AdapterUse> adapters : assets.noneAndEach()) {
      int member = -1 - last.size();
      last.add(member);
      batch.join(
          member,
          new PictureRequest(
              settings, model.encode(Prompt.of("", ""), adapters), null, adapters, List.of()));
    }
    batch.step(last);
    last.forEach(batch::leave);
  }

  private void join(SoakRequest request) {
    int key = started++;
    if (request.extras().ownHandles()) {
      assets.refuseForeign(key);
    }
    SoakAssets.Handles handles = await(others.submit(() -> assets.handles(request)));
    try {
      PictureRequest prepared = await(others.submit(() -> prepare(request, handles)));
      batch.join(key, prepared);
      members.put(key, new Member(request, handles));
    } catch (EngineException refusal) {
      handles.close();
      if (!request.settings().sampler().equals(SoakMix.NO_SAMPLER)) {
        throw refusal;
      }
      tally.refuse();
    }
  }

  private PictureRequest prepare(SoakRequest request, SoakAssets.Handles handles) {
    double strength = request.extras().strength();
    return new PictureRequest(
        request.settings(),
        model.encode(request.prompt(), handles.adapters()),
        strength == 0
            ? null
            : model.encodePicture(SoakAssets.picture(request.settings()), strength),
        handles.adapters(),
        handles.controls());
  }

  /** One step of all; if it fails, each alone, to find the one at fault. */
  private void step() {
    List<Integer> stepping = List.copyOf(members.keySet());
    if (stepping.isEmpty()) {
      return;
    }
    tally.step();
    try {
      batch.step(stepping);
    } catch (NotFiniteException together) {
      stepping.forEach(this::stepAlone);
    }
  }

  private void stepAlone(Integer member) {
    try {
      batch.step(List.of(member));
    } catch (NotFiniteException fault) {
      leave(member);
      tally.fail();
    }
  }

  /** Lets those go that have ended, and paints what is to be painted. */
  private void settle() {
    for (Integer member : List.copyOf(members.keySet())) {
      SoakRequest request = members.get(member).request();
      int done = batch.stepsDone(member);
      if (done == batch.stepsTotal(member)) {
        HostTensor latents = batch.latents(member);
        if (request.decoded()) {
          paint(() -> model.decode(latents));
        }
        leave(member);
        tally.finish();
      } else if (done >= request.cancelAfter()) {
        leave(member);
        tally.cancel();
      } else if (request.previewEvery() > 0 && done % request.previewEvery() == 0) {
        HostTensor estimate = batch.estimate(member);
        paint(() -> model.preview(estimate));
      }
    }
  }

  private void paint(Runnable picture) {
    pictures.stream().filter(Future::isDone).forEach(SoakLoop::await);
    pictures.removeIf(Future::isDone);
    pictures.add(others.submit(() -> paintIfFinite(picture)));
  }

  /** Latents just under fp32's end are finite; their pictures need not be. */
  private static void paintIfFinite(Runnable picture) {
    try {
      picture.run();
    } catch (NotFiniteException expected) {
      // The latents of a request that was about to fail.
    }
  }

  private void leave(Integer member) {
    batch.leave(member);
    members.remove(member).handles().close();
  }

  private static <T> T await(Future<T> result) {
    try {
      return result.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    }
  }

  /** What others still compute must end before the memory goes that they compute on. */
  @Override
  public void close() {
    others.shutdown();
    try {
      others.awaitTermination(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    batch.close();
  }
}
