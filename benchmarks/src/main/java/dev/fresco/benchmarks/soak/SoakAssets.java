package dev.fresco.benchmarks.soak;

import dev.fresco.engine.Adapter;
import dev.fresco.engine.AdapterUse;
import dev.fresco.engine.ControlNet;
import dev.fresco.engine.ControlUse;
import dev.fresco.engine.DiffusionModel;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.Picture;
import dev.fresco.engine.PictureSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The adapters and ControlNets of a soak, as they lie beside a model in a fixtures folder: {@code
 * lora/MODEL-*.safetensors} and {@code MODEL-controlnet}. Other files under {@code lora} are for
 * other models, and are refused.
 */
final class SoakAssets implements AutoCloseable {
  private final DiffusionModel model;
  private final Paths files;
  private final List<Adapter> adapters = new ArrayList<>();
  private final List<ControlNet> controlNets = new ArrayList<>();

  /** Paths by what the model makes of them. */
  private record Paths(List<Path> adapters, List<Path> controlNets, List<Path> foreign) {}

  private SoakAssets(DiffusionModel model, Paths files) {
    this.model = model;
    this.files = files;
  }

  /** What a request was given; closing it closes what was loaded for it alone. */
  record Handles(List<AdapterUse> adapters, List<ControlUse> controls, List<AutoCloseable> owned)
      implements AutoCloseable {
    @Override
    public void close() {
      for (AutoCloseable each : owned) {
        try {
          each.close();
        } catch (Exception e) {
          throw new IllegalStateException("closing " + each, e);
        }
      }
    }
  }

  /**
   * Loads what lies beside a model; there may be nothing.
   *
   * @param folder of the model
   */
  static SoakAssets beside(Path folder, DiffusionModel model) {
    String name = folder.getFileName().toString();
    List<Path> loras = list(folder.resolveSibling("lora"));
    Path controlNet = folder.resolveSibling(name + "-controlnet");
    Paths files =
        new Paths(
            loras.stream().filter(path -> isFor(path, name)).toList(),
            Files.isDirectory(controlNet) ? List.of(controlNet) : List.of(),
            loras.stream().filter(path -> !isFor(path, name)).toList());
    SoakAssets assets = new SoakAssets(model, files);
    try {
      files.adapters().forEach(path -> assets.adapters.add(model.loadAdapter(path)));
      files.controlNets().forEach(path -> assets.controlNets.add(model.loadControlNet(path)));
      return assets;
    } catch (RuntimeException e) {
      assets.close();
      throw e;
    }
  }

  private static boolean isFor(Path lora, String model) {
    return lora.getFileName().toString().startsWith(model + "-");
  }

  private static List<Path> list(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(path -> path.toString().endsWith(".safetensors")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("listing " + folder, e);
    }
  }

  int adapters() {
    return adapters.size();
  }

  int controlNets() {
    return controlNets.size();
  }

  /** No adapter, then each alone. */
  List<List<AdapterUse>> noneAndEach() {
    List<List<AdapterUse>> sets = new ArrayList<>();
    sets.add(List.of());
    adapters.forEach(adapter -> sets.add(List.of(new AdapterUse(adapter, 1))));
    return sets;
  }

  /** Hands out what a request names, and draws the pictures that its ControlNets are shown. */
  Handles handles(SoakRequest request) {
    SoakRequest.Extras extras = request.extras();
    List<AutoCloseable> owned = new ArrayList<>();
    List<AdapterUse> adapterUses = new ArrayList<>();
    for (SoakRequest.AdapterPick pick : extras.adapters()) {
      Adapter adapter = adapters.get(pick.index());
      if (extras.ownHandles()) {
        adapter = model.loadAdapter(files.adapters().get(pick.index()));
        owned.add(adapter);
      }
      adapterUses.add(new AdapterUse(adapter, pick.scale()));
    }
    List<ControlUse> controlUses = new ArrayList<>();
    for (SoakRequest.ControlPick pick : extras.controls()) {
      ControlNet net = controlNets.get(pick.index());
      if (extras.ownHandles()) {
        net = model.loadControlNet(files.controlNets().get(pick.index()));
        owned.add(net);
      }
      Picture shown = picture(request.settings());
      controlUses.add(new ControlUse(net, shown, pick.scale(), pick.from(), pick.to()));
    }
    return new Handles(adapterUses, controlUses, owned);
  }

  /** Noise in the size of the picture to paint. */
  static Picture picture(PictureSettings settings) {
    byte[] rgb = new byte[settings.width() * settings.height() * 3];
    new Random(settings.seed()).nextBytes(rgb);
    return new Picture(settings.width(), settings.height(), rgb);
  }

  /**
   * Tries to load a file that is for another model.
   *
   * @param which of them, by chance
   * @throws IllegalStateException if the model takes it
   */
  void refuseForeign(int which) {
    if (files.foreign().isEmpty()) {
      return;
    }
    Path foreign = files.foreign().get(Math.floorMod(which, files.foreign().size()));
    try (Adapter taken = model.loadAdapter(foreign)) {
      throw new IllegalStateException(foreign + " is for another model, but " + taken + " loaded");
    } catch (EngineException expected) {
      // Nothing of it may stay.
    }
  }

  @Override
  public void close() {
    adapters.forEach(Adapter::close);
    controlNets.forEach(ControlNet::close);
  }
}
