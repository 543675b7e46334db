package dev.fresco.benchmarks.soak;

import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.Prompt;
import java.util.List;

/**
 * One request of a soak and what becomes of it.
 *
 * @param cancelAfter steps after which it leaves; over its steps for never
 * @param previewEvery steps between previews; 0 for none
 * @param decoded whether its latents are decoded at the end
 */
record SoakRequest(
    PictureSettings settings,
    Prompt prompt,
    Extras extras,
    int cancelAfter,
    int previewEvery,
    boolean decoded) {

  /**
   * What a request has beside its prompt.
   *
   * @param strength of a picture to start from; 0 for none
   * @param ownHandles whether adapters and ControlNets are loaded for this request alone, and
   *     closed with it
   */
  record Extras(
      List<AdapterPick> adapters, List<ControlPick> controls, double strength, boolean ownHandles) {
    Extras {
      adapters = List.copyOf(adapters);
      controls = List.copyOf(controls);
    }
  }

  /**
   * @param index of the adapter among those of the soak
   */
  record AdapterPick(int index, double scale) {}

  /**
   * @param index of the ControlNet among those of the soak
   * @param from share of the steps, as is {@code to}
   */
  record ControlPick(int index, double scale, double from, double to) {}
}
