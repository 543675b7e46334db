package dev.fresco.engine.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.NativeTensors;
import dev.fresco.engine.checkpoint.SafetensorsFile;
import dev.fresco.engine.kernel.KernelLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StageCheckpointTest {
  private static final LanguageModelShape SHAPE = TinyModels.SHAPE;
  private static final AdamW OPTIMISER = AdamW.withRate(1e-2);

  @TempDir Path folder;

  @Test
  void whatIsLoadedGoesOnBitForBit() throws IOException {
    try (KernelLibrary kernels = KernelLibrary.on("cpu");
        TinyModels model = TinyModels.draw(kernels, SHAPE, 2, 1)) {
      train(model, 0, 5);
      for (int i = 0; i < 2; i++) {
        StageCheckpoint.save(model.parameters.get(i), folder.resolve("stage" + i));
        StageCheckpoint.save(model.parameters.get(i), folder.resolve("stage" + i));
      }
      List<Double> losses = train(model, 5, 10);

      try (TinyModels resumed = new TinyModels();
          Stream<Path> files = Files.list(folder)) {
        for (int i = 0; i < 2; i++) {
          StageBlocks blocks = StageBlocks.evenly(SHAPE.layers(), 2).get(i);
          resumed.add(StageCheckpoint.load(kernels, SHAPE, blocks, folder.resolve("stage" + i)));
        }
        assertThat(resumed.parameters.get(1).steps()).isEqualTo(5);
        assertThat(train(resumed, 5, 10)).isEqualTo(losses);
        assertThat(files).hasSize(2);
      }
    }
  }

  private static List<Double> train(TinyModels model, int from, int to) {
    List<Double> losses = new ArrayList<>();
    for (int step = from; step < to; step++) {
      losses.add(model.accumulate(List.of(TinyModels.random(0, SHAPE, 2, 6, step))));
      model.step(OPTIMISER, 1, 1);
    }
    return losses;
  }

  @Test
  void stagesAreJoinedToOneFileOfWeights() {
    List<StageBlocks> cut = StageBlocks.evenly(SHAPE.layers(), 2);
    List<Path> files = List.of(folder.resolve("first"), folder.resolve("last"));
    Path joined = folder.resolve("model.safetensors");
    try (KernelLibrary kernels = KernelLibrary.on("cpu");
        StageParameters whole = StageParameters.draw(kernels, SHAPE, new StageBlocks(0, 4, 4), 1)) {
      for (int i = 0; i < 2; i++) {
        try (StageParameters stage = StageParameters.draw(kernels, SHAPE, cut.get(i), 1)) {
          StageCheckpoint.save(stage, files.get(i));
        }
      }
      ParameterFile.join(files, Map.of("shape", SHAPE.toString()), joined);
      try (SafetensorsFile file = SafetensorsFile.open(joined)) {
        assertThat(file.metadata()).containsEntry("shape", SHAPE.toString());
        assertThat(file.tensors().keySet())
            .containsExactlyElementsOf(whole.all().byName().keySet());
        whole
            .all()
            .byName()
            .forEach(
                (name, parameter) -> {
                  float[] wanted = parameter.weight().toFloatArray();
                  float[] found = new float[wanted.length];
                  file.map(file.tensor(name)).asFloatBuffer().get(found);
                  assertThat(found).as(name).isEqualTo(wanted);
                });
      }
    }
    assertThatThrownBy(
            () -> ParameterFile.join(List.of(files.get(0), files.get(0)), Map.of(), joined))
        .isInstanceOf(EngineException.class)
        .hasMessageEndingWith("is in another file, too");
  }

  @Test
  void refusesFilesOfOtherModelsAndStages() throws IOException {
    Path file = folder.resolve("stage");
    StageBlocks blocks = new StageBlocks(0, 2, 4);
    LanguageModelShape wider = new LanguageModelShape(12, 6, 8, 2, 12, 4);
    try (KernelLibrary kernels = KernelLibrary.on("cpu");
        StageParameters stage = StageParameters.draw(kernels, SHAPE, blocks, 1)) {
      StageCheckpoint.save(stage, file);
      int before = NativeTensors.heldBy(kernels.manager());

      assertThatThrownBy(() -> StageCheckpoint.load(kernels, wider, blocks, file))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("its shape is");
      assertThatThrownBy(() -> StageCheckpoint.load(kernels, SHAPE, new StageBlocks(2, 4, 4), file))
          .hasMessageContaining("its blocks is");
      byte[] whole = Files.readAllBytes(file);
      Files.write(folder.resolve("cut"), Arrays.copyOf(whole, whole.length - 4));
      assertThatThrownBy(() -> StageCheckpoint.load(kernels, SHAPE, blocks, folder.resolve("cut")))
          .hasMessageContaining("truncated");
      assertThatThrownBy(() -> StageCheckpoint.save(stage, folder.resolve("none/stage")))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("cannot be written");
      assertThat(NativeTensors.heldBy(kernels.manager())).isEqualTo(before);
    }
  }
}
