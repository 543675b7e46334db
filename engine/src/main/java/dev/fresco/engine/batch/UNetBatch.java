package dev.fresco.engine.batch;

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
import dev.fresco.engine.sampler.SamplerSchedule;
import dev.fresco.engine.sampler.SamplerSet;
import dev.fresco.engine.sampler.ScheduleRequest;
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
  private final SamplerSet samplers;
  private final int factor;
  private final Map<K, Member> members = new LinkedHashMap<>();

  /**
   * @param manager owned by this batch from now on
   * @param factor pixels per latent place
   */
  UNetBatch(NDManager manager, UNet unet, Kernel denoise, SamplerSet samplers, int factor) {
    this.manager = manager;
    this.unet = unet;
    this.denoise = denoise;
    this.samplers = samplers;
    this.factor = factor;
  }

  @Override
  public void join(K member, PictureRequest request) {
    PictureSettings settings = request.settings();
    SamplerSchedule schedule = schedule(request);
    int channels = unet.config().ends().inChannels();
    int height = settings.height() / factor;
    int width = settings.width() / factor;
    join(member, request, schedule, MemberStart.of(schedule, request, channels, height, width));
  }

  /**
   * Adds a picture at a noise of the caller's.
   *
   * @param noise {@code [channels, height, width]}, of standard deviation 1
   */
  public void join(K member, PictureRequest request, HostTensor noise) {
    SamplerSchedule schedule = schedule(request);
    join(member, request, schedule, MemberStart.of(schedule, request, noise));
  }

  private void join(K member, PictureRequest request, SamplerSchedule schedule, MemberStart start) {
    if (members.containsKey(member)) {
      throw new EngineException(member + " is in the batch already");
    }
    Conditioning conditioning = request.conditioning();
    NDManager own = manager.newSubManager();
    try {
      Member.Prompts prompts =
          new Member.Prompts(
              Member.row(own, conditioning.positive().states()),
              Member.row(own, conditioning.negative().states()));
      members.put(member, new Member(own, request.settings(), schedule, prompts, start));
    } catch (RuntimeException e) {
      own.close();
      throw e;
    }
  }

  private SamplerSchedule schedule(PictureRequest request) {
    PictureSettings settings = request.settings();
    double strength = request.start() == null ? 1 : request.start().strength();
    return samplers
        .named(settings.sampler())
        .schedule(new ScheduleRequest(settings.steps(), strength, 0));
  }

  @Override
  public void step(Collection<K> stepping) {
    try (NDManager scope = manager.newSubManager()) {
      Map<SizeGroup, List<Member.Advanced>> results = new LinkedHashMap<>();
      for (SizeGroup group : groups(stepping)) {
        List<Member.Advanced> advanced = group.advance(scope, unet, denoise);
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

  private static void requireFinite(SizeGroup group, List<Member.Advanced> advanced) {
    for (int i = 0; i < advanced.size(); i++) {
      if (advanced.get(i).notFinite() > 0) {
        Member member = group.members().get(i);
        throw new NotFiniteException(
            "%d numbers are not finite after step %d of %d with guidanceScale %s"
                .formatted(
                    advanced.get(i).notFinite(),
                    member.stepsDone() + 1,
                    member.stepsTotal(),
                    member.settings().guidanceScale()));
      }
    }
  }

  private static void take(SizeGroup group, List<Member.Advanced> advanced) {
    for (int i = 0; i < advanced.size(); i++) {
      group.members().get(i).advance(advanced.get(i));
    }
  }

  @Override
  public int stepsDone(K member) {
    return member(member).stepsDone();
  }

  @Override
  public int stepsTotal(K member) {
    return member(member).stepsTotal();
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
