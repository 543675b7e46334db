package dev.fresco.worker.source;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.contracts.job.ControlNetUse;
import dev.fresco.contracts.job.LoraUse;
import dev.fresco.engine.Adapter;
import dev.fresco.engine.ControlNet;
import dev.fresco.engine.DiffusionModel;
import dev.fresco.engine.EngineException;
import dev.fresco.worker.source.AdapterFiles.LocalCopy;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * Adapters that are loaded for this worker's model. Jobs that use the same one share it, so that
 * the engine sees that they do; its file stays as long as it is loaded, since it may be mapped.
 */
public final class LoadedAdapters implements AutoCloseable {
  /** A file's numbers may be half as wide as those that are computed with. */
  private static final int WIDENING = 2;

  private final DiffusionModel model;
  private final AdapterFiles files;
  private final LeasedCache<String, Loaded<?>> loaded;
  private final MeterRegistry meters;

  public LoadedAdapters(
      DiffusionModel model,
      AdapterFiles files,
      LeasedCache<String, Loaded<?>> loaded,
      MeterRegistry meters) {
    this.model = model;
    this.files = files;
    this.loaded = loaded;
    this.meters = meters;
  }

  /** An adapter with the file that it was loaded from. */
  public record Loaded<A extends AutoCloseable>(A adapter, Lease<LocalCopy> file)
      implements AutoCloseable {
    @Override
    public void close() throws Exception {
      try {
        adapter.close();
      } finally {
        file.close();
      }
    }
  }

  /** Something that a job uses until it lets go of it. */
  record Use<A>(A adapter, Lease<?> lease) {}

  /**
   * @throws SourceException if it cannot be had or does not fit the model
   */
  Use<Adapter> of(LoraUse lora) {
    String what = "LoRA " + lora.id();
    return use(
        what,
        lora.file().sha256(),
        lora.file().bytes(),
        () -> load(what, "lora", files.of(lora), model::loadAdapter));
  }

  /**
   * @throws SourceException if it cannot be had or does not fit the model
   */
  Use<ControlNet> of(ControlNetUse net) {
    String what = "ControlNet " + net.id();
    return use(
        what,
        net.file().sha256() + "-" + net.config().sha256(),
        net.file().bytes(),
        () -> load(what, "controlnet", files.of(net), model::loadControlNet));
  }

  /** Opens an adapter; its kind is told by its key. */
  private interface Opening<A extends AutoCloseable> {
    Loaded<A> open();
  }

  @SuppressWarnings("unchecked")
  private <A extends AutoCloseable> Use<A> use(
      String what, String key, long fileBytes, Opening<A> opening) {
    try {
      Lease<Loaded<?>> lease = loaded.take(key, WIDENING * fileBytes, opening::open);
      return new Use<>((A) lease.value().adapter(), lease);
    } catch (SourceException e) {
      String message =
          e.getMessage().contains(what) ? e.getMessage() : what + ": " + e.getMessage();
      throw new SourceException(e.code(), message, e);
    }
  }

  private <A extends AutoCloseable> Loaded<A> load(
      String what, String kind, Lease<LocalCopy> file, Function<Path, A> loader) {
    Path path = file.value().path();
    try {
      A adapter = loader.apply(path);
      meters.counter("fresco.worker.adapters.loaded", "kind", kind).increment();
      return new Loaded<>(adapter, file);
    } catch (EngineException e) {
      file.close();
      String reason = String.valueOf(e.getMessage()).replace(path.toString(), "its file");
      throw new SourceException(
          ErrorCode.ADAPTER_UNUSABLE, what + " does not fit the model: " + reason, e);
    } catch (RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  @Override
  public void close() {
    loaded.close();
  }
}
