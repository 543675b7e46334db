package dev.fresco.engine.fake;

import dev.fresco.engine.Conditioning;
import dev.fresco.engine.DenoisingBatch;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.PictureSettings;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Members that drift from noise towards a pattern of their prompt. */
final class FakeBatch<K> implements DenoisingBatch<K> {
  static final float POISONED = 1e9f;

  private final Map<K, Member> members = new HashMap<>();

  private record Member(PictureRequest request, HostTensor latents, int stepsDone) {

    PictureSettings settings() {
      return request.settings();
    }

    Conditioning conditioning() {
      return request.conditioning();
    }

    int stepsTotal() {
      double strength = request.start() == null ? 1 : request.start().strength();
      return Math.max(1, (int) (settings().steps() * strength));
    }

    Member stepped() {
      float[] before = latents.data();
      float[] after = new float[before.length];
      float[] positive = conditioning().positive().states().data();
      float[] negative = conditioning().negative().states().data();
      double pull = 1.0 / (stepsTotal() - stepsDone);
      for (int i = 0; i < before.length; i++) {
        int at = i % positive.length;
        double scale = settings().guided() ? settings().guidanceScale() : 1;
        double goal = negative[at] + scale * (positive[at] - negative[at]);
        after[i] = (float) (before[i] + pull * (goal - before[i]) * 0.9);
      }
      HostTensor next = new HostTensor(latents.shape(), after);
      return new Member(request, next, stepsDone + 1);
    }
  }

  @Override
  public void join(K member, PictureRequest request) {
    PictureSettings settings = request.settings();
    SplittableRandom random = new SplittableRandom(settings.seed());
    int height = settings.height() / FakeModel.FACTOR;
    int width = settings.width() / FakeModel.FACTOR;
    float[] noise = new float[FakeModel.CHANNELS * height * width];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (float) random.nextDouble(-1, 1);
    }
    HostTensor latents = HostTensor.of(noise, FakeModel.CHANNELS, height, width);
    members.put(member, new Member(request, latents, 0));
  }

  @Override
  public void step(Collection<K> stepping) {
    Map<K, Member> next = new HashMap<>();
    for (K key : stepping) {
      Member member = members.get(key);
      if (member.stepsDone() == member.stepsTotal()) {
        throw new EngineException(key + " has taken all its " + member.stepsTotal() + " steps");
      }
      if (member.stepsDone() >= 1
          && member.conditioning().positive().states().data()[0] == POISONED) {
        throw new EngineException("poisoned prompt at step " + member.stepsDone());
      }
      next.put(key, member.stepped());
    }
    members.putAll(next);
  }

  @Override
  public int stepsDone(K member) {
    return members.get(member).stepsDone();
  }

  @Override
  public int stepsTotal(K member) {
    return members.get(member).stepsTotal();
  }

  @Override
  public HostTensor latents(K member) {
    HostTensor latents = members.get(member).latents();
    return new HostTensor(latents.shape(), latents.data().clone());
  }

  @Override
  public HostTensor estimate(K member) {
    return latents(member);
  }

  @Override
  public void leave(K member) {
    members.remove(member);
  }

  @Override
  public void close() {
    members.clear();
  }
}
