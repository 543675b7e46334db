package dev.fresco.engine.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fresco.engine.HostTensor;
import dev.fresco.engine.kernel.KernelLibrary;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Any order of passes that the data allow gives the gradients of the plain order. */
class PassOrderTest {
  private static final int MICROBATCHES = 3;

  /** One pass that could run now. */
  private record Ready(int stage, int microbatch) {}

  @Property(tries = 12)
  void theOrderDoesNotMatter(@ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int stages) {
    LanguageModelShape shape = TinyModels.SHAPE;
    List<Microbatch> batch = new ArrayList<>();
    for (int number = 0; number < MICROBATCHES; number++) {
      batch.add(TinyModels.random(number, shape, 2, 5, number));
    }
    try (KernelLibrary kernels = KernelLibrary.on("cpu");
        TinyModels plain = TinyModels.draw(kernels, shape, 1, 3);
        TinyModels mixed = TinyModels.draw(kernels, shape, stages, 3)) {
      double loss = plain.accumulate(batch);

      assertThat(run(mixed, batch, new Random(seed))).isCloseTo(loss, within(1e-6));
      mixed.requireGradientsOf(plain, 3e-6);
      assertThat(mixed.stages).allMatch(stage -> stage.underway() == 0);
    }
  }

  /** Draws among the passes that are ready until none is left; the mean loss. */
  private static double run(TinyModels model, List<Microbatch> batch, Random random) {
    int[][] done = new int[model.stages.size()][batch.size()];
    Map<Ready, HostTensor> inputs = new HashMap<>();
    double loss = 0;
    List<Ready> ready = ready(done);
    while (!ready.isEmpty()) {
      Ready next = ready.get(random.nextInt(ready.size()));
      StageNetwork stage = model.stages.get(next.stage());
      int number = next.microbatch();
      boolean last = next.stage() == model.stages.size() - 1;
      switch (done[next.stage()][number]++) {
        case 0 -> {
          HostTensor input = inputs.remove(next);
          var output =
              input == null
                  ? stage.forward(batch.get(number))
                  : stage.forward(batch.get(number), input);
          output.ifPresent(states -> inputs.put(new Ready(next.stage() + 1, number), states));
          loss += last ? stage.loss(number) / batch.size() : 0;
        }
        case 1 -> {
          HostTensor gradient = inputs.remove(next);
          var before = last ? stage.backward(number) : stage.backward(number, gradient);
          before.ifPresent(states -> inputs.put(new Ready(next.stage() - 1, number), states));
        }
        default -> stage.weightGradients(number);
      }
      ready = ready(done);
    }
    return loss;
  }

  private static List<Ready> ready(int[][] done) {
    List<Ready> ready = new ArrayList<>();
    for (int stage = 0; stage < done.length; stage++) {
      for (int microbatch = 0; microbatch < done[stage].length; microbatch++) {
        boolean fits =
            switch (done[stage][microbatch]) {
              case 0 -> stage == 0 || done[stage - 1][microbatch] > 0;
              case 1 -> stage == done.length - 1 || done[stage + 1][microbatch] > 1;
              case 2 -> true;
              default -> false;
            };
        if (fits) {
          ready.add(new Ready(stage, microbatch));
        }
      }
    }
    return ready;
  }
}
