package dev.fresco.engine.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.engine.GoldenTensors;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Adapters that diffusers wrote, each in PEFT's names and in kohya's. */
class LoraFixturesTest {
  private static LoraAdapter read(String model, String file) {
    return new LoraReader(FixtureNetworks.named(model)).read(GoldenTensors.path("lora/" + file));
  }

  @ParameterizedTest
  @CsvSource({
    "sd15-tiny, a, 4, 1.0, 32, 0",
    "sd15-tiny, b, 8, 0.5, 40, 12",
    "sdxl-tiny, a, 4, 1.0, 64, 0",
    "sdxl-tiny, b, 8, 0.5, 72, 0",
  })
  void bothSpellingsAreOneAdapter(
      String model, String label, int rank, double scale, int inUNet, int inText) {
    LoraAdapter peft = read(model, model + "-" + label + ".peft.safetensors");
    LoraAdapter kohya = read(model, model + "-" + label + ".kohya.safetensors");

    assertThat(kohya.layers(LoraComponent.UNET)).hasSize(inUNet);
    assertThat(kohya.layers(LoraComponent.TEXT_ENCODER)).hasSize(inText);
    assertThat(peft.layers().keySet()).isEqualTo(kohya.layers().keySet());
    for (LoraComponent component : kohya.layers().keySet()) {
      SortedMap<String, LowRank> ofPeft = peft.layers(component);
      assertThat(kohya.layers(component).keySet()).isEqualTo(ofPeft.keySet());
      kohya.layers(component).forEach((path, low) -> requireSame(low, ofPeft.get(path)));
      assertThat(kohya.layers(component).values())
          .allSatisfy(low -> assertThat(low.rank()).isEqualTo(rank))
          .allSatisfy(low -> assertThat(low.scale()).isEqualTo(scale));
    }
  }

  /** The PEFT files have alpha / rank in their upper halves. */
  private static void requireSame(LowRank kohya, LowRank peft) {
    assertThat(peft.scale()).isEqualTo(1);
    assertThat(kohya.down().data()).isEqualTo(peft.down().data());
    assertThat(kohya.down().shape()).isEqualTo(peft.down().shape());
    assertThat(kohya.up().shape()).isEqualTo(peft.up().shape());
    float[] scaled = kohya.up().data().clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= (float) kohya.scale();
    }
    assertThat(scaled).isEqualTo(peft.up().data());
  }

  @ParameterizedTest
  @CsvSource({
    "unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q, UNET",
    "text_encoder.text_model.encoder.layers.1.self_attn.v_proj, TEXT_ENCODER"
  })
  void theNumbersAreTheFiles(String layer, LoraComponent component) {
    GoldenTensors file = GoldenTensors.read("lora/sd15-tiny-b.peft.safetensors");
    Map<String, LowRank> layers =
        read("sd15-tiny", "sd15-tiny-b.peft.safetensors").layers(component);

    LowRank low = layers.get(layer.substring(layer.indexOf('.') + 1));
    assertThat(low.down().data()).isEqualTo(file.floats(layer + ".lora_A.weight"));
    assertThat(low.up().data()).isEqualTo(file.floats(layer + ".lora_B.weight"));
  }
}
