package dev.fresco.engine.batch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.DenoisingBatch;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.NotFiniteException;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.batch.Denoiser.Prediction;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.kernel.NativeFailure;
import dev.fresco.engine.sampler.SamplerSchedule;
import dev.fresco.engine.sampler.SamplerSet;
import dev.fresco.engine.sampler.ScheduleRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A batch on any family's network: who is in it, and what a step makes of each. All members that
 * step run in one pass of the network, whatever their sizes are.
 */
public final class ModelBatch<K> implements DenoisingBatch<K> {
  private final NDManager manager;
  private final Denoiser denoiser;
  private final KernelLibrary kernels;
  private final Kernel kernel;
  private final SamplerSet samplers;
  private final Latents latents;
  private final Map<K, Member> members = new LinkedHashMap<>();

  /**
   * Latents of pictures.
   *
   * @param channels of each place
   * @param factor pixels for each place, on each axis
   * @param patch places on a side that the network takes as one token
   */
  record Latents(int channels, int factor, int patch) {
    /** What does not fill a token is cut off. */
    long[] shape(PictureSettings settings) {
      int side = factor * patch;
      return new long[] {
        channels, settings.height() / side * patch, settings.width() / side * patch
      };
    }

    int tokens(PictureSettings settings) {
      long[] shape = shape(settings);
      return (int) (shape[1] / patch * (shape[2] / patch));
    }

    /**
     * @throws EngineException if a side is too short for one token
     */
    void requireRoom(PictureSettings settings) {
      requireRoom("width", settings.width());
      requireRoom("height", settings.height());
    }

    private void requireRoom(String name, int pixels) {
      if (pixels < factor * patch) {
        throw new EngineException(
            "%s is %d; it must be at least %d".formatted(name, pixels, factor * patch));
      }
    }
  }

  /**
   * @param manager owned by this batch from now on
   * @param denoiser likewise
   * @param kernels of the model
   */
  ModelBatch(
      NDManager manager,
      Denoiser denoiser,
      KernelLibrary kernels,
      SamplerSet samplers,
      Latents latents) {
    this.manager = manager;
    this.denoiser = denoiser;
    this.kernels = kernels;
    this.kernel = kernels.kernel("denoise");
    this.samplers = samplers;
    this.latents = latents;
  }

  @Override
  public void join(K member, PictureRequest request) {
    SamplerSchedule schedule = schedule(request);
    MemberStart start = MemberStart.of(schedule, request, latents.shape(request.settings()));
    join(member, request, schedule, start);
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
    NDManager own = manager.newSubManager();
    try {
      NativeFailure.during(
          "joining the batch",
          () -> {
            Member.Prompts prompts = Member.Prompts.of(own, request.conditioning());
            Member.Extras extras =
                new Member.Extras(
                    LoadedAdapter.set(request.adapters(), kernels),
                    denoiser.controls(own, request),
                    denoiser.active(request),
                    request.recorder());
            members.put(
                member, new Member(own, request.settings(), schedule, prompts, extras, start));
          });
    } catch (RuntimeException | Error e) {
      own.close();
      throw e;
    }
  }

  private SamplerSchedule schedule(PictureRequest request) {
    PictureSettings settings = request.settings();
    latents.requireRoom(settings);
    double strength = request.start() == null ? 1 : request.start().strength();
    return samplers
        .named(settings.sampler())
        .schedule(new ScheduleRequest(settings.steps(), strength, latents.tokens(settings)));
  }

  @Override
  public void step(Collection<K> stepping) {
    NativeFailure.during("a denoising step", () -> advance(stepping));
  }

  private void advance(Collection<K> stepping) {
    List<SizeGroup> groups =
        SizeGroup.of(stepping.stream().map(this::unfinished).distinct().toList());
    if (groups.isEmpty()) {
      return;
    }
    try (NDManager scope = manager.newSubManager()) {
      List<Prediction> predictions = denoiser.predict(scope, groups);
      List<List<Member.Advanced>> results = new ArrayList<>();
      for (int i = 0; i < groups.size(); i++) {
        results.add(advance(scope, groups.get(i), predictions.get(i)));
      }
      for (int i = 0; i < groups.size(); i++) {
        take(groups.get(i).members(), results.get(i));
      }
    }
  }

  private List<Member.Advanced> advance(NDManager scope, SizeGroup group, Prediction prediction) {
    NDArray strength =
        SizeGroup.numbers(
            scope,
            prediction.guided().isEmpty() ? List.of() : group.guided(),
            member -> member.settings().guidanceScale());
    List<Member.Advanced> advanced =
        new SamplerStep(group.members())
            .advance(
                scope,
                kernel,
                prediction.output(),
                new SamplerStep.Guided(prediction.guided(), strength));
    requireFinite(group.members(), advanced);
    return blended(scope, group.members(), advanced);
  }

  private List<Member.Advanced> blended(
      NDManager scope, List<Member> members, List<Member.Advanced> advanced) {
    List<Member.Advanced> blended = new ArrayList<>();
    for (int i = 0; i < members.size(); i++) {
      Member member = members.get(i);
      Member.Advanced step = advanced.get(i);
      blended.add(
          member.blending() == null
              ? step
              : member.blending().into(scope, kernel, step, member.nextLevel()));
    }
    return blended;
  }

  private static void requireFinite(List<Member> members, List<Member.Advanced> advanced) {
    for (int i = 0; i < members.size(); i++) {
      if (advanced.get(i).notFinite() > 0) {
        Member member = members.get(i);
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

  private static void take(List<Member> members, List<Member.Advanced> advanced) {
    for (int i = 0; i < members.size(); i++) {
      members.get(i).advance(advanced.get(i));
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
    return NativeFailure.during("copying latents", () -> Member.copy(member(member).sample()));
  }

  @Override
  public HostTensor estimate(K member) {
    return NativeFailure.during(
        "copying an estimate", () -> Member.copy(member(member).estimate()));
  }

  @Override
  public void leave(K member) {
    Member gone = members.remove(member);
    if (gone != null) {
      gone.close();
    }
    if (members.isEmpty()) {
      denoiser.forget();
    }
  }

  private Member unfinished(K key) {
    Member member = member(key);
    if (member.stepsDone() == member.stepsTotal()) {
      throw new EngineException(key + " has taken all its " + member.stepsTotal() + " steps");
    }
    return member;
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
    denoiser.close();
    manager.close();
  }
}
