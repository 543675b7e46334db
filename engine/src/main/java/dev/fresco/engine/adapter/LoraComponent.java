package dev.fresco.engine.adapter;

/** The parts of a model that a LoRA may change, by the names of their folders. */
public enum LoraComponent {
  UNET("unet"),
  TRANSFORMER("transformer"),
  TEXT_ENCODER("text_encoder"),
  TEXT_ENCODER_2("text_encoder_2");

  private final String folder;

  LoraComponent(String folder) {
    this.folder = folder;
  }

  /** The component's folder in a checkpoint, which is also its prefix in PEFT's keys. */
  public String folder() {
    return folder;
  }

  /** Whether it is a text encoder. */
  public boolean readsText() {
    return this == TEXT_ENCODER || this == TEXT_ENCODER_2;
  }
}
