package dev.fresco.worker;

import dev.fresco.engine.Adapter;
import dev.fresco.engine.AdapterUse;
import dev.fresco.engine.ControlNet;
import dev.fresco.engine.ControlUse;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.PictureRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;

/** Adapters that know whether they are open, and whose use after that is an error. */
final class WatchedAdapters {
  /** A file that starts so does not fit the model. */
  static final byte UNFIT = 13;

  /** A file that starts so is loaded when the test lets it be. */
  static final byte SLOW = 14;

  final List<Watched> loaded = new CopyOnWriteArrayList<>();
  final Semaphore slow = new Semaphore(0);

  static final class Watched implements Adapter, ControlNet {
    final Path path;
    volatile boolean open = true;

    Watched(Path path) {
      this.path = path;
    }

    @Override
    public String name() {
      return path.toString();
    }

    @Override
    public void close() {
      requireOpen();
      open = false;
    }

    void requireOpen() {
      if (!open) {
        throw new EngineException(path + " was closed");
      }
    }
  }

  Watched load(Path file) {
    byte first = firstByte(file);
    if (first == UNFIT) {
      throw new EngineException(file + ": unet.mid.to_q has the shape [4, 7]");
    }
    if (first == SLOW) {
      slow.acquireUninterruptibly();
    }
    Watched adapter = new Watched(file);
    loaded.add(adapter);
    return adapter;
  }

  Watched loadNet(Path folder) {
    firstByte(folder.resolve("config.json"));
    return load(folder.resolve("diffusion_pytorch_model.safetensors"));
  }

  private static byte firstByte(Path file) {
    try {
      return Files.readAllBytes(file)[0];
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void requireOpen(PictureRequest request) {
    requireOpen(request.adapters());
    for (ControlUse use : request.controls()) {
      ((Watched) use.net()).requireOpen();
    }
  }

  void requireOpen(List<AdapterUse> uses) {
    uses.forEach(use -> ((Watched) use.adapter()).requireOpen());
  }

  List<Watched> open() {
    return loaded.stream().filter(adapter -> adapter.open).toList();
  }
}
