package dev.fresco.engine.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.engine.HostTensor;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.recording.MemoryRecording;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Edits that compute only what their mask reaches, beside the same edits on whole maps. */
class MaskedEditTest {
  private static LocalModel model;
  private static Edits edits;

  @BeforeAll
  static void load() {
    model = LocalModel.load(Path.of("../models/emoji"), new ModelSettings("cpu", "fp32", 150, 1024));
    edits = Edits.ofPainted(model, 128, 128, 10);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void theFirstStepIsTheDenseOneWhereTheMaskIs() {
    PictureSettings settings = edits.settings("ddim", 5, Edits.NOISE_SEED);
    MemoryRecording recording = edits.recording("a red apple", settings, List.of());
    for (double ratio : new double[] {.05, .11, .35, 1}) {
      HostTensor mask = edits.mask(ratio);
      for (int steps : new int[] {1, 5, 10}) {
        HostTensor dense =
            edits.painted(
                edits.request("a red apple", settings, mask, null, List.of()), steps);
        HostTensor masked =
            edits.painted(
                edits.request("a red apple", settings, mask, recording, List.of()), steps);
        System.out.println(ratio + " " + steps + " " + Distance.of(Edits.inside(masked, mask), Edits.inside(dense, mask)) + " " + Distance.of(masked, dense));
      }
    }
    for (double ratio : new double[] {.05, .11, .35, 1}) {
      HostTensor mask = edits.mask(ratio);
      PictureSettings other = edits.settings("ddim", 5, 99);
        HostTensor dense =
            edits.painted(
                edits.request("a green tree", other, mask, null, List.of()), 10);
        HostTensor masked =
            edits.painted(
                edits.request("a green tree", other, mask, recording, List.of()), 10);
        System.out.println("other " + ratio + " " + Distance.of(Edits.inside(masked, mask), Edits.inside(dense, mask)) + " " + Distance.of(masked, dense));
    }
    assertThat(recording.steps()).isEqualTo(10);
  }
}
