package dev.fresco.worker;

import dev.fresco.contracts.worker.ModelCard;
import dev.fresco.engine.Conditioning;
import dev.fresco.engine.DenoisingBatch;
import dev.fresco.engine.DiffusionModel;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.Picture;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.fake.FakeModel;
import java.util.Collection;
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
  public Conditioning encode(Prompt prompt) {
    return model.encode(prompt);
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
