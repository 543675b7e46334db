package dev.fresco.worker;

import dev.fresco.contracts.worker.ModelCard;
import dev.fresco.engine.Adapter;
import dev.fresco.engine.AdapterUse;
import dev.fresco.engine.Conditioning;
import dev.fresco.engine.ControlNet;
import dev.fresco.engine.DenoisingBatch;
import dev.fresco.engine.DiffusionModel;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.NativeException;
import dev.fresco.engine.OutOfMemoryException;
import dev.fresco.engine.Picture;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.StartLatents;
import dev.fresco.engine.fake.FakeModel;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * A fake model whose steps wait until the test lets them go, and that remembers what it was given.
 * A prompt of {@link #TOO_LONG} is cut.
 */
final class GatedModel implements DiffusionModel {
  static final String TOO_LONG = "too long";

  /** Pixels that fit one step, and that fit the batch. */
  volatile long stepMemory = Long.MAX_VALUE;

  volatile long batchMemory = Long.MAX_VALUE;

  /** Pictures on which the native library fails. */
  volatile Predicate<PictureRequest> fault = request -> false;

  /** Members of each attempt of a step. */
  final List<Integer> attempts = new CopyOnWriteArrayList<>();

  final WatchedAdapters adapters = new WatchedAdapters();
  final AtomicInteger encoded = new AtomicInteger();
  final List<Prompt> prompts = new CopyOnWriteArrayList<>();
  final List<PictureRequest> joined = new CopyOnWriteArrayList<>();
  private final FakeModel model = new FakeModel("fake");
  private final Semaphore gate;

  GatedModel(Semaphore gate) {
    this.gate = gate;
  }

  @Override
  public ModelCard card() {
    return model.card();
  }

  @Override
  public Conditioning encode(Prompt prompt, List<AdapterUse> uses) {
    prompts.add(prompt);
    adapters.requireOpen(uses);
    Conditioning made = model.encode(prompt, uses);
    return new Conditioning(made.positive(), made.negative(), prompt.text().contains(TOO_LONG));
  }

  @Override
  public Adapter loadAdapter(Path file) {
    return adapters.load(file);
  }

  @Override
  public ControlNet loadControlNet(Path folder) {
    return adapters.loadNet(folder);
  }

  @Override
  public StartLatents encodePicture(Picture picture, double strength) {
    encoded.incrementAndGet();
    return model.encodePicture(picture, strength);
  }

  @Override
  public <K> DenoisingBatch<K> newBatch() {
    DenoisingBatch<K> batch = model.newBatch();
    return new DenoisingBatch<>() {
      private final Map<K, PictureRequest> inBatch = new HashMap<>();

      @Override
      public void join(K member, PictureRequest request) {
        joined.add(request);
        if (pixels(inBatch.values()) + pixels(List.of(request)) > batchMemory) {
          throw new OutOfMemoryException("no room in the batch", null);
        }
        inBatch.put(member, request);
        batch.join(member, request);
      }

      @Override
      public void step(Collection<K> members) {
        gate.acquireUninterruptibly();
        inBatch.values().forEach(adapters::requireOpen);
        attempts.add(members.size());
        List<PictureRequest> stepping = members.stream().map(inBatch::get).toList();
        if (pixels(stepping) > stepMemory) {
          throw new OutOfMemoryException("no room for " + members.size(), null);
        }
        if (stepping.stream().anyMatch(fault)) {
          throw new NativeException("the device does not answer", null);
        }
        batch.step(members);
      }

      @Override
      public int stepsDone(K member) {
        return batch.stepsDone(member);
      }

      @Override
      public int stepsTotal(K member) {
        return batch.stepsTotal(member);
      }

      @Override
      public HostTensor latents(K member) {
        return batch.latents(member);
      }

      @Override
      public HostTensor estimate(K member) {
        return batch.estimate(member);
      }

      @Override
      public void leave(K member) {
        inBatch.remove(member);
        batch.leave(member);
      }

      @Override
      public void close() {
        batch.close();
      }
    };
  }

  private static long pixels(Collection<PictureRequest> requests) {
    return requests.stream()
        .map(PictureRequest::settings)
        .mapToLong(settings -> (long) settings.width() * settings.height())
        .sum();
  }

  @Override
  public Picture decode(HostTensor latents) {
    return model.decode(latents);
  }

  @Override
  public Picture preview(HostTensor latents) {
    return model.preview(latents);
  }

  @Override
  public void close() {
    model.close();
  }
}
