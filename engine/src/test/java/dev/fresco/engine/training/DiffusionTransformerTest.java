package dev.fresco.engine.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fresco.engine.HostTensor;
import dev.fresco.engine.NativeTensors;
import dev.fresco.engine.kernel.KernelLibrary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiffusionTransformerTest {
  private static final DiffusionTransformerShape SHAPE = TinyModels.PICTURES;
  private static KernelLibrary kernels;

  @TempDir Path folder;

  @BeforeAll
  static void open() {
    kernels = KernelLibrary.on("cpu");
  }

  @AfterAll
  static void close() {
    kernels.close();
  }

  private static List<Microbatch> batch(int microbatches, long seed) {
    return IntStream.range(0, microbatches)
        .mapToObj(
            number ->
                TinyModels.pictures(
                    number, SHAPE, DiffusionTarget.VELOCITY, 3, 100 * seed + number))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void aModelInStagesIsTheWholeModel(int stages) {
    AdamW optimiser = AdamW.withRate(3e-3);
    try (TinyModels whole = TinyModels.draw(kernels, SHAPE, 1, 7);
        TinyModels cut = TinyModels.draw(kernels, SHAPE, stages, 7)) {
      assertThat(cut.stages).hasSize(stages);
      for (int step = 0; step < 20; step++) {
        double loss = whole.accumulate(batch(2, step));
        assertThat(cut.accumulate(batch(2, step))).isCloseTo(loss, within(1e-6 * loss));
        cut.requireGradientsOf(whole, 1e-6);
        whole.step(optimiser, 2, 1);
        cut.step(optimiser, 2, 1);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void learnsAPictureForEachLabel(DiffusionTarget target) {
    AdamW optimiser = AdamW.withRate(1e-2);
    float[][] pictures = new float[SHAPE.labels()][3 * 4 * 6];
    Random random = new Random(3);
    for (float[] picture : pictures) {
      for (int i = 0; i < picture.length; i++) {
        picture[i] = random.nextBoolean() ? 1 : -1;
      }
    }
    // Wide enough for the numbers of a patch.
    DiffusionTransformerShape shape =
        new DiffusionTransformerShape(SHAPE.latents(), SHAPE.labels(), 24, 2, 48, 2);
    try (TinyModels model = TinyModels.draw(kernels, shape, 2, 1)) {
      double first = 0;
      double last = 0;
      for (int step = 0; step < 300; step++) {
        double loss = model.accumulate(List.of(shown(target, pictures, random)));
        model.step(optimiser, 1, 1);
        first += step < 20 ? loss / 20 : 0;
        last += step >= 280 ? loss / 20 : 0;
      }
      assertThat(last).isLessThan(0.5 * first);
    }
  }

  private static Microbatch shown(DiffusionTarget target, float[][] pictures, Random random) {
    int rows = 16;
    int size = pictures[0].length;
    float[] clean = new float[rows * size];
    float[] noise = new float[clean.length];
    float[] times = new float[rows];
    int[] labels = new int[rows];
    for (int row = 0; row < rows; row++) {
      labels[row] = random.nextInt(pictures.length);
      times[row] = random.nextFloat();
      System.arraycopy(pictures[labels[row]], 0, clean, row * size, size);
    }
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (float) random.nextGaussian();
    }
    return new Microbatch(
        0,
        NoisyLatents.of(
            target,
            HostTensor.of(clean, rows, 3, 4, 6),
            HostTensor.of(noise, rows, 3, 4, 6),
            times,
            labels));
  }

  @Test
  void allPlacesSeeEachOtherAndTheConditions() {
    try (StageParameters parameters =
            StageParameters.draw(kernels, SHAPE, StageBlocks.evenly(4, 2).get(0), 5);
        StageNetwork stage = new StageNetwork(parameters)) {
      NoisyLatents plain = (NoisyLatents) batch(1, 2).get(0).examples();
      float[] later = plain.latents().data().clone();
      later[23] += 1; // the last place of the first row's first channel
      int[] labels = plain.labels().clone();
      labels[0] = (labels[0] + 1) % SHAPE.labels();
      float[] times = plain.times().clone();
      times[0] = 1 - times[0];
      float[] states = states(stage, plain);

      HostTensor moved = HostTensor.of(later, plain.latents().shape());
      for (NoisyLatents other :
          List.of(
              new NoisyLatents(moved, plain.times(), plain.labels(), plain.target()),
              new NoisyLatents(plain.latents(), times, plain.labels(), plain.target()),
              new NoisyLatents(plain.latents(), plain.times(), labels, plain.target()))) {
        float[] changed = states(stage, other);
        int row = states.length / 3;
        for (int i = 0; i < states.length; i++) {
          assertThat(states[i] == changed[i]).as("value %d", i).isEqualTo(i >= row);
        }
      }
    }
  }

  private static float[] states(StageNetwork stage, NoisyLatents examples) {
    float[] states = stage.forward(new Microbatch(0, examples)).orElseThrow().data();
    stage.abandon(0);
    return states;
  }

  @Test
  void whatIsLoadedGoesOnBitForBit() {
    try (TinyModels model = TinyModels.draw(kernels, SHAPE, 2, 1);
        TinyModels resumed = new TinyModels()) {
      train(model, 0, 5);
      for (int i = 0; i < 2; i++) {
        Path file = folder.resolve("stage" + i);
        StageCheckpoint.save(model.parameters.get(i), file);
        resumed.add(
            StageCheckpoint.load(
                kernels, SHAPE, StageBlocks.evenly(SHAPE.layers(), 2).get(i), file));
      }
      assertThat(train(resumed, 5, 10)).isEqualTo(train(model, 5, 10));
      assertThatThrownBy(
              () ->
                  StageCheckpoint.load(
                      kernels,
                      TinyModels.SHAPE,
                      StageBlocks.evenly(4, 2).get(0),
                      folder.resolve("stage0")))
          .hasMessageContaining("its shape is");
    }
  }

  private static List<Double> train(TinyModels model, int from, int to) {
    List<Double> losses = new ArrayList<>();
    for (int step = from; step < to; step++) {
      losses.add(model.accumulate(batch(2, step)));
      model.step(AdamW.withRate(1e-2), 2, 1);
    }
    return losses;
  }

  @Test
  void nativeMemoryStaysTheSame() {
    try (TinyModels model = TinyModels.draw(kernels, SHAPE, 2, 1)) {
      int before = NativeTensors.heldBy(kernels.manager());
      train(model, 0, 20);
      assertThat(NativeTensors.heldBy(kernels.manager())).isEqualTo(before);
    }
  }

  @Test
  void mixesAsTheTargetsSay() {
    HostTensor clean = HostTensor.of(new float[] {1, 2, 3, 4}, 2, 1, 1, 2);
    HostTensor noise = HostTensor.of(new float[] {5, 5, 5, 5}, 2, 1, 1, 2);
    float[] times = {0.25f, 1};

    NoisyLatents flow = NoisyLatents.of(DiffusionTarget.VELOCITY, clean, noise, times, new int[2]);
    assertThat(flow.latents().data()).containsExactly(2, 2.75f, 5, 5);
    assertThat(flow.target().data()).containsExactly(4, 3, 2, 1);
    NoisyLatents diffused = NoisyLatents.of(DiffusionTarget.NOISE, clean, noise, times, new int[2]);
    assertThat(diffused.latents().data())
        .containsExactly(new float[] {2.8373f, 3.7611f, 5, 5}, within(1e-4f));
    assertThat(diffused.target().data()).containsExactly(5, 5, 5, 5);
  }

  @Test
  void refusesWhatDoesNotFit() {
    try (StageParameters parameters =
            StageParameters.draw(kernels, SHAPE, StageBlocks.evenly(4, 2).get(0), 5);
        StageNetwork stage = new StageNetwork(parameters)) {
      HostTensor latents = HostTensor.of(new float[72], 1, 3, 4, 6);
      HostTensor square = HostTensor.of(new float[48], 1, 3, 4, 4);

      assertThatThrownBy(() -> stage.forward(Microbatch.of(0, new int[][] {{1, 2}})))
          .hasMessageContaining("tokens came for");
      assertThatThrownBy(() -> show(stage, latents, 0.5f, 3)).hasMessageContaining("label 3 is");
      assertThatThrownBy(() -> show(stage, latents, 1.5f, 0)).hasMessageContaining("time is 1.5");
      assertThatThrownBy(() -> show(stage, square, 0.5f, 0)).hasMessageContaining("[1, 3, 4, 4]");
      assertThatThrownBy(() -> new DiffusionTransformerShape.Latents(3, 5, 6, 2))
          .hasMessageContaining("height 5 are not a multiple of patch 2");
      assertThatThrownBy(() -> new DiffusionTransformerShape(SHAPE.latents(), 0, 8, 2, 12, 4))
          .hasMessageContaining("labels is 0");
    }
  }

  private static void show(StageNetwork stage, HostTensor latents, float time, int label) {
    NoisyLatents examples =
        new NoisyLatents(latents, new float[] {time}, new int[] {label}, latents);
    stage.forward(new Microbatch(0, examples));
  }
}
