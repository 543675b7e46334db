package dev.fresco.standalone;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Options that every command that starts the house takes. */
public final class HouseOptions {
  @Option(
      names = "--model",
      description = "Folder of the checkpoint to serve (default: the demo model)",
      defaultValue = "${env:FRESCO_HOME:-.}/models/emoji")
  private Path model;

  /** Settings with this data folder and port. */
  public HouseSettings settings(Path data, int port) {
    return new HouseSettings(data, port, model);
  }
}
