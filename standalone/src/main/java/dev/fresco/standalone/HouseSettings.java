package dev.fresco.standalone;

import java.nio.file.Path;

/**
 * @param data folder for everything that survives a restart
 * @param port of the gateway
 * @param model folder of the checkpoint to serve
 */
public record HouseSettings(Path data, int port, Path model) {
  public HouseSettings {
    data = data.toAbsolutePath().normalize();
    model = model.toAbsolutePath().normalize();
  }
}
