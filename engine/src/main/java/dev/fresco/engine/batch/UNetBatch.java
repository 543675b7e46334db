package dev.fresco.engine.batch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.Conditioning;
import dev.fresco.engine.DenoisingBatch;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.NotFiniteException;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.noise.TorchNoise;
import dev.fresco.engine.sampler.Sampler;
import dev.fresco.engine.sampler.SamplerSchedule;
import dev.fresco.engine.unet.UNet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A batch on a UNet. Members of one size share its rows; those of other sizes form groups of their
 * own within the step.
 */
public final class UNetBatch<K> implements DenoisingBatch<K> {
  private final NDManager manager;
  private final UNet unet;
  private final Kernel denoise;
  private final Map<String, Sampler> samplers;
  private final int factor;
  private final Map<K, Member> members = new LinkedHashMap<>();

  /**
   * @param manager owned by this batch from now on
   * @param samplers by the names that settings use
   * @param factor pixels per latent place
   */
  UNetBatch(
      NDManager manager, UNet unet, Kernel denoise, Map<String, Sampler> samplers, int factor) {
    this.manager = manager;
    this.unet = unet;
    this.denoise = denoise;
    this.samplers = samplers;
    this.factor = factor;
  }

  @Override
  public void join(K member, PictureRequest request) {
    PictureSettings settings = request.settings();
    int channels = unet.config().ends().inChannels();
    int height = settings.height() / factor;
    int width = settings.width() / factor;
    join(member, request, TorchNoise.standardNormal(settings.seed(), channels, height, width));
  }

  /**
   * Adds a picture at a noise of the caller's.
   *
   * @param noise {@code [channels, height, width]}, of standard deviation 1
   */
  public void join(K member, PictureRequest request, HostTensor noise) {
    if (members.containsKey(member)) {
      throw new EngineException(member + " is in the batch already");
    }
    PictureSettings settings = request.settings();
    Conditioning conditioning = request.conditioning();
    SamplerSchedule schedule = schedule(settings);
    NDManager own = manager.newSubManager();
    try {
      float[] start = noise.data().clone();
      for (int i = 0; i < start.length; i++) {
        start[i] *= (float) schedule.initialNoiseScale();
      }
      members.put(
          member,
          new Member(
              own,
              settings,
              schedule,
              new Member.Prompts(
                  row(own, conditioning.positive().states()),
                  row(own, conditioning.negative().states())),
              row(own, new HostTensor(noise.shape(), start))));
    } catch (RuntimeException e) {
      own.close();
      throw e;
    }
  }

  private SamplerSchedule schedule(PictureSettings settings) {
    Sampler sampler = samplers.get(settings.sampler());
    if (sampler == null) {
      throw new EngineException(
          "sampler is " + settings.sampler() + "; this model has " + samplers.keySet());
    }
    return sampler.schedule(settings.steps());
  }

  /** With a leading axis of one. */
  private static NDArray row(NDManager manager, HostTensor tensor) {
    return manager.create(tensor.data(), new Shape(1).addAll(new Shape(tensor.shape())));
  }

  @Override
  public void step(Collection<K> stepping) {
    try (NDManager scope = manager.newSubManager()) {
      Map<SizeGroup, SizeGroup.Advanced> results = new LinkedHashMap<>();
      for (SizeGroup group : groups(stepping)) {
        SizeGroup.Advanced advanced = group.advance(scope, unet, denoise);
        requireFinite(group, advanced);
        results.put(group, advanced);
      }
      results.forEach(UNetBatch::take);
    }
  }

  private List<SizeGroup> groups(Collection<K> stepping) {
    Map<Shape, List<Member>> bySize = new LinkedHashMap<>();
    for (K key : stepping) {
      Member member = member(key);
      bySize.computeIfAbsent(member.sample().getShape(), size -> new ArrayList<>()).add(member);
    }
    return bySize.values().stream().map(SizeGroup::new).toList();
  }

  private static void requireFinite(SizeGroup group, SizeGroup.Advanced advanced) {
    for (int i = 0; i < advanced.notFinite().length; i++) {
      if (advanced.notFinite()[i] > 0) {
        Member member = group.members().get(i);
        throw new NotFiniteException(
            "%d numbers are not finite after step %d of %d with guidanceScale %s"
                .formatted(
                    (long) advanced.notFinite()[i],
                    member.stepsDone() + 1,
                    member.settings().steps(),
                    member.settings().guidanceScale()));
      }
    }
  }

  private static void take(SizeGroup group, SizeGroup.Advanced advanced) {
    for (int i = 0; i < group.members().size(); i++) {
      group.members().get(i).advance(advanced.samples().get(i), advanced.estimates().get(i));
    }
  }

  @Override
  public int stepsDone(K member) {
    return member(member).stepsDone();
  }

  @Override
  public HostTensor latents(K member) {
    return Member.copy(member(member).sample());
  }

  @Override
  public HostTensor estimate(K member) {
    return Member.copy(member(member).estimate());
  }

  @Override
  public void leave(K member) {
    Member gone = members.remove(member);
    if (gone != null) {
      gone.close();
    }
  }

  private Member member(K key) {
    Member member = members.get(key);
    if (member == null) {
      throw new EngineException(key + " is not in the batch");
    }
    return member;
  }

  @Override
  public void close() {
    manager.close();
  }
}
