package dev.fresco.engine.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fresco.engine.HostTensor;
import dev.fresco.engine.NativeTensors;
import dev.fresco.engine.kernel.KernelLibrary;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StageNetworkTest {
  private static final LanguageModelShape SHAPE = TinyModels.SHAPE;
  private static KernelLibrary kernels;

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
        .mapToObj(number -> TinyModels.random(number, SHAPE, 2, 5, 100 * seed + number))
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

  @Test
  void laterTokensDoNotChangeEarlierOnes() {
    try (StageParameters parameters =
            StageParameters.draw(kernels, SHAPE, StageBlocks.evenly(4, 2).get(0), 5);
        StageNetwork stage = new StageNetwork(parameters)) {
      int[] tokens = {1, 2, 3, 4, 5, 6};
      int[] others = {1, 2, 3, 9, 8, 7};
      float[] before = stage.forward(Microbatch.of(0, new int[][] {tokens})).orElseThrow().data();
      float[] after = stage.forward(Microbatch.of(1, new int[][] {others})).orElseThrow().data();

      int known = 3 * SHAPE.channels();
      for (int i = 0; i < before.length; i++) {
        assertThat(before[i] == after[i]).as("value %d", i).isEqualTo(i < known);
      }
    }
  }

  @Test
  void replicasThatAddTheirGradientsUpAreOneModel() {
    AdamW optimiser = AdamW.withRate(3e-3);
    try (TinyModels whole = TinyModels.draw(kernels, SHAPE, 1, 7);
        TinyModels first = TinyModels.draw(kernels, SHAPE, 1, 7);
        TinyModels second = TinyModels.draw(kernels, SHAPE, 1, 7)) {
      List<Microbatch> batch = batch(4, 1);
      whole.accumulate(batch);
      first.accumulate(batch.subList(0, 2));
      second.accumulate(batch.subList(2, 4));
      float[] sums = first.parameters.get(0).gradients();
      float[] others = second.parameters.get(0).gradients();
      for (int i = 0; i < sums.length; i++) {
        sums[i] += others[i];
      }
      first.parameters.get(0).setGradients(sums);
      second.parameters.get(0).setGradients(sums);

      first.requireGradientsOf(whole, 1e-6);
      assertThat(second.parameters.get(0).gradients()).containsExactly(sums);
      first.step(optimiser, 4, 1);
      second.step(optimiser, 4, 1);
      assertThat(first.accumulate(batch)).isEqualTo(second.accumulate(batch));
      assertThatThrownBy(() -> first.parameters.get(0).setGradients(new float[3]))
          .hasMessageContaining("3 gradients came");
    }
  }

  @Test
  void learnsASequenceThatRepeats() {
    AdamW optimiser = AdamW.withRate(1e-2);
    int[] text = IntStream.range(0, 12).map(i -> new int[] {3, 1, 4, 1, 5}[i % 5]).toArray();
    List<Microbatch> batch = new ArrayList<>();
    for (int start = 0; start < 5; start++) {
      int[] part = Arrays.copyOfRange(text, start, start + 7);
      batch.add(Microbatch.of(start, new int[][] {part}));
    }
    try (TinyModels model = TinyModels.draw(kernels, SHAPE, 2, 1)) {
      assertThat(model.accumulate(batch)).isCloseTo(Math.log(SHAPE.vocabulary()), within(0.05));
      model.step(optimiser, batch.size(), 1);
      double loss = Double.NaN;
      for (int step = 0; step < 100; step++) {
        loss = model.accumulate(batch);
        model.step(optimiser, batch.size(), 1);
      }
      // The first token of a part may be the 1 before the 4 or that before the 5: ln 2 at one place
      // of six, in two parts of five.
      assertThat(loss).isBetween(2 * Math.log(2) / 30, 0.1);
    }
  }

  @Test
  void nativeMemoryStaysTheSame() {
    AdamW optimiser = AdamW.withRate(1e-3);
    try (TinyModels model = TinyModels.draw(kernels, SHAPE, 2, 1)) {
      int before = NativeTensors.heldBy(kernels.manager());
      for (int step = 0; step < 50; step++) {
        model.accumulate(batch(3, step));
        model.step(optimiser, 3, 1);
        assertThat(NativeTensors.heldBy(kernels.manager())).isEqualTo(before);
      }
      model.forward(batch(1, 0).get(0));
      assertThat(NativeTensors.heldBy(kernels.manager())).isGreaterThan(before);
      model.stages.forEach(stage -> stage.abandon(0));
      assertThat(NativeTensors.heldBy(kernels.manager())).isEqualTo(before);
    }
  }

  @Test
  void whatIsKeptIsNotInBuffersThatJavaMayFree() {
    try (TinyModels plain = TinyModels.draw(kernels, SHAPE, 1, 3);
        TinyModels other = TinyModels.draw(kernels, SHAPE, 2, 3)) {
      List<Microbatch> batch = batch(40, 1);
      plain.accumulate(batch);

      batch.forEach(other::forward);
      overwriteWhatIsFree();
      batch.forEach(microbatch -> other.backward(microbatch.number()));
      overwriteWhatIsFree();
      batch.forEach(microbatch -> other.weightGradients(microbatch.number()));

      other.requireGradientsOf(plain, 1e-6);
    }
  }

  /** Collects, then fills new buffers of the sizes that states and tokens have. */
  private static void overwriteWhatIsFree() {
    List<ByteBuffer> buffers = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      System.gc();
      for (int i = 0; i < 200; i++) {
        for (int bytes : new int[] {2 * 5 * 8, 2 * 5 * 8 * 4}) {
          ByteBuffer buffer = ByteBuffer.allocateDirect(bytes);
          while (buffer.hasRemaining()) {
            buffer.put((byte) 0x55);
          }
          buffers.add(buffer);
        }
      }
    }
    assertThat(buffers).hasSize(1200);
  }

  @Test
  void countsWhatAMicrobatchKeeps() {
    try (StageParameters parameters =
            StageParameters.draw(kernels, SHAPE, new StageBlocks(1, 3, 4), 5);
        StageNetwork stage = new StageNetwork(parameters)) {
      Microbatch microbatch = TinyModels.random(0, SHAPE, 2, 5, 1);
      HostTensor states = HostTensor.of(new float[2 * 5 * 8], 2, 5, 8);

      stage.forward(microbatch, states);
      // x, n1, a, y, n2; q, k, v; the middle; attention of two heads; means and deviations
      long forward = 10 * (5 * 8 + 3 * 8 + 12) + 2 * 2 * 5 * 5 + 4 * 10;
      assertThat(stage.keptBytes(0)).isEqualTo(2 * 4 * forward);
      stage.backward(0, states);
      // n1, a, n2, gradients of y and z; of q, k, v; the middle and its gradient; two norms
      long backward = 10 * (5 * 8 + 3 * 8 + 2 * 12) + 4 * 8;
      assertThat(stage.keptBytes(0)).isEqualTo(2 * 4 * backward);
    }
  }

  @Test
  void aPassThatFailsKeepsNothing() {
    try (StageParameters parameters =
            StageParameters.draw(kernels, SHAPE, StageBlocks.evenly(4, 2).get(0), 5);
        StageNetwork stage = new StageNetwork(parameters)) {
      int before = NativeTensors.heldBy(stage.manager());
      Microbatch unknown = Microbatch.of(0, new int[][] {{1, 2, SHAPE.vocabulary()}});
      Microbatch tooLong = Microbatch.of(0, new int[][] {new int[SHAPE.positions() + 2]});

      assertThatThrownBy(() -> stage.forward(unknown)).hasMessageContaining("token 11 is not in");
      assertThatThrownBy(() -> stage.forward(tooLong)).hasMessageContaining("have 7 tokens");
      assertThat(stage.underway()).isZero();
      assertThat(NativeTensors.heldBy(stage.manager())).isEqualTo(before);
    }
  }

  @Test
  void refusesPassesOutOfOrder() {
    try (StageParameters parameters =
            StageParameters.draw(kernels, SHAPE, StageBlocks.evenly(4, 2).get(0), 5);
        StageNetwork stage = new StageNetwork(parameters)) {
      Microbatch microbatch = TinyModels.random(4, SHAPE, 1, 2, 1);
      HostTensor states = HostTensor.of(new float[16], 1, 2, 8);

      assertThatThrownBy(() -> stage.backward(4, states))
          .hasMessageContaining("4 is not under way");
      stage.forward(microbatch);
      assertThatThrownBy(() -> stage.forward(microbatch)).hasMessageContaining("under way already");
      assertThatThrownBy(() -> stage.weightGradients(4)).hasMessageContaining("was not called");
      assertThatThrownBy(() -> stage.backward(4)).hasMessageContaining("has no loss");
      assertThatThrownBy(() -> stage.loss(4)).hasMessageContaining("has no loss");
      assertThatThrownBy(() -> stage.forward(microbatch, states))
          .hasMessageContaining("has no stage before it");
      assertThatThrownBy(() -> stage.backward(4, HostTensor.of(new float[8], 1, 1, 8)))
          .hasMessageContaining("[1, 1, 8]");
      stage.backward(4, states);
      assertThatThrownBy(() -> stage.backward(4, states)).hasMessageContaining("called already");
      stage.weightGradients(4);
      assertThatThrownBy(() -> stage.weightGradients(4)).hasMessageContaining("not under way");
    }
  }
}
