package dev.fresco.engine.batch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.Conditioning;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.StartLatents;
import dev.fresco.engine.adapter.AdapterSet;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.noise.TorchNoise;
import dev.fresco.engine.sampler.SamplerSchedule;
import dev.fresco.engine.sampler.Samplers;
import dev.fresco.engine.sampler.ScheduleRequest;
import dev.fresco.engine.sampler.SchedulerConfig;
import dev.fresco.engine.sampler.StepCoefficients;
import dev.fresco.engine.sampler.Trajectory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One kernel call for members of all samplers, against each walked alone in double precision. */
class SamplerStepTest {
  private static final long[] SHAPE = {2, 3, 5};
  private static final int PLACES = 30;
  private static final int STEPS = 9;
  private static KernelLibrary kernels;

  @BeforeAll
  static void load() {
    kernels = KernelLibrary.on("cpu");
  }

  @AfterAll
  static void unload() {
    kernels.close();
  }

  private record Walked(Member member, Trajectory alone, TorchNoise noise) {
    boolean unfinished() {
      return member.stepsDone() < member.stepsTotal();
    }
  }

  @Test
  void membersOfAllSamplersAdvanceInOneCall() {
    try (NDManager manager = kernels.manager().newSubManager()) {
      List<Walked> running = new ArrayList<>();
      for (Samplers sampler : Samplers.values()) {
        // One at full strength and one that is always at another step.
        running.add(walked(manager, sampler, running.size(), 1));
        running.add(walked(manager, sampler, running.size(), 0.6));
      }
      assertThat(running).filteredOn(each -> each.member().remembers()).hasSize(2);
      assertThat(running).filteredOn(each -> each.member().draws()).hasSize(6);
      while (!running.isEmpty()) {
        step(manager, running);
        for (Walked each : running) {
          assertThat(distance(each.member().sample().toFloatArray(), each.alone().sample()))
              .as("member %d, step %d", each.member().settings().seed(), each.member().stepsDone())
              .isLessThan(1e-5);
        }
        running = running.stream().filter(Walked::unfinished).toList();
      }
    }
  }

  private static Walked walked(NDManager manager, Samplers sampler, int seed, double strength) {
    String scheduler =
        sampler == Samplers.FLOW_EULER ? "FlowMatchEulerDiscreteScheduler" : "DDIMScheduler";
    SamplerSchedule schedule =
        sampler
            .from(
                SchedulerConfig.parse(
                    "test",
                    "{\"_class_name\": \"%s\", \"clip_sample_range\": 0.8}".formatted(scheduler)))
            .schedule(new ScheduleRequest(STEPS, strength, 0));
    PictureSettings settings = new PictureSettings(5, 3, STEPS, 1, sampler.toString(), seed);
    HostTensor mean = TorchNoise.standardNormal(100 + seed, SHAPE);
    StartLatents start = strength < 1 ? new StartLatents(mean, mean, strength) : null;
    PictureRequest request =
        new PictureRequest(
            settings, new Conditioning(null, null, false), start, List.of(), List.of());
    MemberStart first = MemberStart.of(schedule, request, SHAPE);
    NDManager own = manager.newSubManager();
    Member member =
        new Member(
            own,
            settings,
            schedule,
            new Member.Prompts(null, null),
            new Member.Extras(AdapterSet.NONE, List.of(), null, null),
            first);

    TorchNoise noise = new TorchNoise(seed);
    noise.draw(SHAPE);
    if (start != null) {
      noise.draw(SHAPE);
    }
    return new Walked(
        member, new Trajectory(first.sample().data(), SamplerStepTest::output), noise);
  }

  /** As the guided members' network does: 0.5 of this with the prompt, -0.25 of it without. */
  private static double output(double input, double timestep) {
    return 0.6 * Math.tanh(input) + 0.2 * Math.sin(timestep / 100);
  }

  private static void step(NDManager manager, List<Walked> running) {
    List<Member> members = running.stream().map(Walked::member).toList();
    Kernel denoise = kernels.kernel("denoise");
    int guided = members.size() / 2;
    float[] rows = new float[(members.size() + guided) * PLACES];
    float[] strength = new float[guided];
    long[] places = new long[guided];
    for (int i = 0; i < members.size(); i++) {
      fill(rows, i, members.get(i), i % 2 == 1 ? 0.5 : 1);
      if (i % 2 == 1) {
        places[i / 2] = i;
        strength[i / 2] = 5 / 3f;
        fill(rows, members.size() + i / 2, members.get(i), -0.25);
      }
    }
    try (NDManager scope = manager.newSubManager()) {
      NDArray output =
          scope.create(rows, new Shape(members.size() + guided).addAll(new Shape(SHAPE)));
      List<Member.Advanced> advanced =
          new SamplerStep(members)
              .advance(
                  scope,
                  denoise,
                  output,
                  new SamplerStep.Guided(scope.create(places), scope.create(strength)));
      for (int i = 0; i < members.size(); i++) {
        StepCoefficients step = members.get(i).nextStep();
        boolean draws = step.next().fromNoise() != 0;
        Walked walked = running.get(i);
        walked.alone().advance(step, draws ? walked.noise().draw(SHAPE).data() : new float[PLACES]);
        assertThat(advanced.get(i).notFinite()).isZero();
        members.get(i).advance(advanced.get(i));
      }
    }
  }

  private static void fill(float[] rows, int row, Member member, double share) {
    float[] sample = member.sample().toFloatArray();
    StepCoefficients step = member.nextStep();
    for (int i = 0; i < PLACES; i++) {
      rows[row * PLACES + i] =
          (float) (share * output(step.inputScale() * sample[i], step.timestep()));
    }
  }

  /** Relative Frobenius distance. */
  private static double distance(float[] result, float[] reference) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < result.length; i++) {
      difference += Math.pow(result[i] - reference[i], 2);
      norm += Math.pow(reference[i], 2);
    }
    return Math.sqrt(difference / norm);
  }
}
