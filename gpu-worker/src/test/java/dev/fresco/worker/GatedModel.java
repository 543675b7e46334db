package dev.fresco.worker;

import dev.fresco.contracts.worker.ModelCard;
import dev.fresco.engine.Adapter;
import dev.fresco.engine.AdapterUse;
import dev.fresco.engine.Conditioning;
import dev.fresco.engine.ControlNet;
import dev.fresco.engine.DenoisingBatch;
import dev.fresco.engine.DiffusionModel;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.Picture;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.StartLatents;
import dev.fresco.engine.fake.FakeModel;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Semaphore;

/** A fake model whose steps wait until the test lets them go. */
final class GatedModel implements DiffusionModel {
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
  public Conditioning encode(Prompt prompt, List<AdapterUse> adapters) {
    return model.encode(prompt, adapters);
  }

  @Override
  public Adapter loadAdapter(Path file) {
    return model.loadAdapter(file);
  }

  @Override
  public StartLatents encodePicture(Picture picture, double strength) {
    return model.encodePicture(picture, strength);
  }

  @Override
  public ControlNet loadControlNet(Path folder) {
    return model.loadControlNet(folder);
  }

  @Override
  public <K> DenoisingBatch<K> newBatch() {
    DenoisingBatch<K> batch = model.newBatch();
    return new DenoisingBatch<>() {
      @Override
      public void join(K member, PictureRequest request) {
        batch.join(member, request);
      }

      @Override
      public void step(Collection<K> members) {
        gate.acquireUninterruptibly();
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
        batch.leave(member);
      }

      @Override
      public void close() {
        batch.close();
      }
    };
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
