package dev.fresco.engine.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.engine.Adapter;
import dev.fresco.engine.AdapterUse;
import dev.fresco.engine.Conditioning;
import dev.fresco.engine.Prompt;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoadedAdapterTest {
  private static final Path LORA = Path.of("fixtures/lora/sd15-tiny-b.kohya.safetensors");

  /** A LoRA may have hundreds of megabytes, and a kept prompt some hundred kilobytes. */
  @Test
  void promptsThatAreKeptDoNotKeepTheAdapter() {
    try (LocalModel model =
        LocalModel.load(
            Path.of("fixtures/sd15-tiny"), new ModelSettings("cpu", "fp32", 150, 1024))) {
      Conditioning plain = model.encode(Prompt.of("a cat", ""));
      WeakReference<Adapter> adapter = new WeakReference<>(encoded(model, plain));
      Instant end = Instant.now().plus(Duration.ofSeconds(20));
      while (adapter.get() != null && Instant.now().isBefore(end)) {
        System.gc();
      }
      assertThat(adapter.get()).isNull();
    }
  }

  private static Adapter encoded(LocalModel model, Conditioning plain) {
    Adapter adapter = model.loadAdapter(LORA);
    List<AdapterUse> uses = List.of(new AdapterUse(adapter, 1));
    Conditioning adapted = model.encode(Prompt.of("a cat", ""), uses);
    assertThat(adapted.positive().states().data()).isNotEqualTo(plain.positive().states().data());
    assertThat(model.encode(Prompt.of("a cat", ""), uses)).isSameAs(adapted);
    assertThat(model.encode(Prompt.of("a cat", ""), List.of(new AdapterUse(adapter, 0.5))))
        .isNotSameAs(adapted);
    return adapter;
  }
}
