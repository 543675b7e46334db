package dev.fresco.engine.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.engine.Adapter;
import dev.fresco.engine.AdapterUse;
import dev.fresco.engine.Conditioning;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.Prompt;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An adapter of each kind of layer gives the same picture in the weights, when all members have it,
 * and as terms, when only one has it.
 */
class AdapterWaysTest {
  private static final double LIMIT = 1e-4;

  /** So much must change, or the adapter did nothing. */
  private static final double VISIBLE = 1e-3;

  private static final List<String> KINDS =
      List.of(
          "attn1\\.to_[qkv]",
          "attn2\\.to_[kv]",
          "attn2\\.to_q",
          "attn[12]\\.to_out\\.0",
          "ff\\.net\\.0\\.proj",
          "ff\\.net\\.2",
          "proj_in",
          "proj_out",
          "resnets\\.\\d+\\.conv1",
          "resnets\\.\\d+\\.conv2",
          "conv_shortcut",
          "time_emb_proj",
          "downsamplers",
          "upsamplers",
          "conv_in",
          "conv_out",
          "time_embedding\\.linear_1",
          "time_embedding\\.linear_2",
          "add_embedding\\.linear_1",
          "add_embedding\\.linear_2");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"sd15-tiny", "sd21-tiny", "sdxl-tiny"})
  void eachKindOfLayerGivesOnePictureBothWays(String name) {
    Path checkpoint = Path.of("fixtures", name);
    RandomLora loras = new RandomLora(checkpoint, folder);
    try (LocalModel model =
        LocalModel.load(checkpoint, new ModelSettings("cpu", "fp32", 150, 1024))) {
      Conditioning prompt = model.encode(Prompt.of("a cat", "a dog"));
      HostTensor plain = paint(model, List.of(request(prompt, List.of()))).get(0);
      for (String kind : KINDS) {
        if (kind.startsWith("add_embedding") && !name.startsWith("sdxl")) {
          continue; // only there is one
        }
        Pattern layers = Pattern.compile("unet\\.(.*\\.)?" + kind + "(\\..*)?");
        Path file =
            loras.peft(kind.replaceAll("\\W", "_"), 4, layer -> layers.matcher(layer).matches());
        try (Adapter adapter = model.loadAdapter(file)) {
          PictureRequest adapted = request(prompt, List.of(new AdapterUse(adapter, 0.8)));
          HostTensor patched = paint(model, List.of(adapted)).get(0);
          List<HostTensor> mixed = paint(model, List.of(request(prompt, List.of()), adapted));

          assertThat(Distance.of(patched, plain)).as("%s matters", kind).isGreaterThan(VISIBLE);
          assertThat(Distance.of(mixed.get(1), patched)).as("%s as terms", kind).isLessThan(LIMIT);
          assertThat(Distance.of(mixed.get(0), plain)).as("beside %s", kind).isLessThan(LIMIT);
        }
      }
    }
  }

  private static PictureRequest request(Conditioning prompt, List<AdapterUse> adapters) {
    PictureSettings settings = new PictureSettings(16, 12, 2, 5, "ddim", 3);
    return new PictureRequest(settings, prompt, null, adapters, List.of());
  }

  private static List<HostTensor> paint(LocalModel model, List<PictureRequest> requests) {
    try (ModelBatch<PictureRequest> batch = model.newBatch()) {
      requests.forEach(request -> batch.join(request, request));
      for (int step = 0; step < 2; step++) {
        batch.step(requests);
      }
      return requests.stream().map(batch::latents).toList();
    }
  }
}
