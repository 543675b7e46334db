package dev.fresco.trainer.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.engine.NativeTensors;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.training.AdamW;
import dev.fresco.planning.pipeline.Interleaved;
import dev.fresco.planning.pipeline.Operation;
import dev.fresco.planning.pipeline.Schedule;
import dev.fresco.trainer.data.TrainingData;
import dev.fresco.trainer.link.LinkIdentity;
import dev.fresco.trainer.link.LinkSettings;
import dev.fresco.trainer.link.StageLinks;
import dev.fresco.trainer.link.TcpStageLinks;
import dev.fresco.trainer.run.Scenario;
import dev.fresco.trainer.spec.PipelineSpec;
import dev.fresco.trainer.spec.TrainingSpec;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeMemoryTest {
  @TempDir Path folder;

  @Test
  void staysTheSameOverIterationsAndIsFreedAtTheEnd() throws InterruptedException {
    Schedule schedule = Interleaved.schedule(1, 4, 2);
    TrainingSpec spec = Scenario.spec(folder, new PipelineSpec(1, schedule.chunks(), 4), 3e-3, 100);
    TrainingData data = TrainingData.of(spec);
    List<Operation> order = schedule.stages().get(0);
    try (KernelLibrary kernels = KernelLibrary.on("cpu");
        StageLinks links =
            TcpStageLinks.open(
                new LinkIdentity("memory", 0, 0, 0, "secret"), LinkSettings.loopback())) {
      int empty = NativeTensors.heldBy(kernels.manager());
      try (StagePieces pieces = StagePieces.draw(kernels, spec, 0)) {
        StageRunner runner =
            new StageRunner(0, schedule.chunks(), pieces.networks(), links, new SteadyClock());
        int loaded = NativeTensors.heldBy(kernels.manager());
        assertThat(loaded).isGreaterThan(empty);
        for (int iteration = 0; iteration < 50; iteration++) {
          long now = iteration;
          StageIteration done = runner.run(now, order, number -> data.microbatch(now, 0, number));
          assertThat(done.losses()).hasSize(4);
          assertThat(done.samples()).hasSize(3 * 2 * 4);
          pieces.squaredNorms();
          pieces.step(AdamW.withRate(1e-3), 0.25);
          assertThat(NativeTensors.heldBy(kernels.manager())).isEqualTo(loaded);
        }
      }
      assertThat(NativeTensors.heldBy(kernels.manager())).isEqualTo(empty);
    }
  }
}
