package dev.fresco.benchmarks.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.contracts.worker.ModelCard;
import dev.fresco.engine.Prompt.LongPrompt;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SoakMixTest {
  private static final ModelCard CARD =
      new ModelCard(
          "tiny",
          "stable-diffusion",
          "r",
          8,
          8,
          64,
          64,
          64,
          77,
          List.of("ddim", "euler"),
          "ddim",
          20,
          50,
          5,
          30);

  private static List<SoakRequest> requests(long seed) {
    SoakMix mix = new SoakMix(CARD, new SoakMix.Range(30, 6, 2, 1), new Random(seed));
    return Stream.generate(mix::next).limit(2000).toList();
  }

  @Test
  void theSeedDecides() {
    assertThat(requests(3)).isEqualTo(requests(3)).isNotEqualTo(requests(4));
  }

  @Test
  void everythingComesUp() {
    List<SoakRequest> requests = requests(1);

    assertThat(requests)
        .extracting(request -> request.settings().width())
        .containsOnly(8, 16, 24)
        .contains(8, 16, 24);
    assertThat(requests)
        .extracting(request -> request.settings().steps())
        .contains(1, 2, 3, 4, 5, 6)
        .containsOnly(1, 2, 3, 4, 5, 6);
    assertThat(requests)
        .extracting(request -> request.settings().sampler())
        .contains("ddim", "euler", "none-of-its-samplers");
    assertThat(requests)
        .anyMatch(request -> request.settings().guidanceScale() == 0)
        .anyMatch(request -> request.settings().guidanceScale() == 7.5)
        .anyMatch(request -> request.settings().guidanceScale() > 1e20)
        .anyMatch(request -> request.cancelAfter() < request.settings().steps())
        .anyMatch(request -> request.previewEvery() > 0)
        .anyMatch(SoakRequest::decoded)
        .anyMatch(request -> request.prompt().text().length() > 300)
        .anyMatch(request -> request.prompt().longPrompt() == LongPrompt.CHUNK)
        .anyMatch(request -> request.extras().adapters().size() == 2)
        .anyMatch(request -> request.extras().controls().size() == 1)
        .anyMatch(request -> request.extras().ownHandles())
        .anyMatch(request -> request.extras().strength() == 0)
        .anyMatch(request -> request.extras().strength() > 0.5)
        .allMatch(request -> request.extras().strength() <= 1);
  }

  @Test
  void aSizeUnderTheModelsIsRefused() {
    assertThatThrownBy(() -> new SoakMix(CARD, new SoakMix.Range(7, 6, 0, 0), new Random(1)))
        .hasMessageContainingAll("largest is 7", "8");
  }
}
