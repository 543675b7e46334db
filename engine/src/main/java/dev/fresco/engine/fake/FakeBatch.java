package dev.fresco.engine.fake;

import dev.fresco.engine.DenoisingBatch;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.PictureRequest;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Members that drift from noise towards a pattern of their prompt. */
final class FakeBatch<K> implements DenoisingBatch<K> {
  static final float POISONED = 1e9f;

  private final Map<K, FakeMember> members = new HashMap<>();

  @Override
  public void join(K member, PictureRequest request) {
    members.put(member, FakeMember.of(request));
  }

  @Override
  public void step(Collection<K> stepping) {
    Map<K, FakeMember> next = new HashMap<>();
    for (K key : stepping) {
      FakeMember member = members.get(key);
      if (member.stepsDone() == member.stepsTotal()) {
        throw new EngineException(key + " has taken all its " + member.stepsTotal() + " steps");
      }
      if (member.stepsDone() >= 1
          && member.conditioning().positive().states().data()[0] == POISONED) {
        throw new EngineException("poisoned prompt at step " + member.stepsDone());
      }
      next.put(key, member.stepped());
    }
    next.forEach((key, member) -> members.put(key, recorded(member)));
  }

  /** A sink that fails is let go of; the member goes on. */
  private static FakeMember recorded(FakeMember member) {
    try {
      member.record();
      return member;
    } catch (RuntimeException sinkFailed) {
      return member.withoutRecorder();
    }
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
