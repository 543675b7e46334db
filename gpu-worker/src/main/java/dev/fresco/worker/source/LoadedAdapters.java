package dev.fresco.worker.source;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.contracts.job.ControlNetUse;
import dev.fresco.contracts.job.LoraUse;
import dev.fresco.engine.Adapter;
import dev.fresco.engine.ControlNet;
import dev.fresco.engine.DiffusionModel;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.NativeException;
import dev.fresco.engine.OutOfMemoryException;
import dev.fresco.worker.source.AdapterFiles.LocalCopy;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Adapters that are loaded for this worker's model. Jobs that use the same one share it, so that
 * the engine sees that they do; its file stays as long as it is loaded, since it may be mapped.
 */
public final class LoadedAdapters implements AutoCloseable {
  /** A file's numbers may be half as wide as those that are computed with. */
  private static final int WIDENING = 2;

  private final DiffusionModel model;
  private final AdapterFiles files;
  private final LeasedCache<String, Loaded<Adapter>> loras;
  private final LeasedCache<String, Loaded<ControlNet>> controlNets;
  private final MeterRegistry meters;

  /**
   * @param loras by the hash of their file; their numbers lie in the heap
   * @param controlNets by the hashes of their files; their numbers lie outside of it
   */
  public LoadedAdapters(
      DiffusionModel model,
      AdapterFiles files,
      LeasedCache<String, Loaded<Adapter>> loras,
      LeasedCache<String, Loaded<ControlNet>> controlNets,
      MeterRegistry meters) {
    this.model = model;
    this.files = files;
    this.loras = loras;
    this.controlNets = controlNets;
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
    return use(
        lora.id(),
        () ->
            loras.take(
                lora.file().sha256(),
                WIDENING * lora.file().bytes(),
                () -> load(lora.id(), "lora", files.of(lora), model::loadAdapter)));
  }

  /**
   * @throws SourceException if it cannot be had or does not fit the model
   */
  Use<ControlNet> of(ControlNetUse net) {
    return use(
        net.id(),
        () ->
            controlNets.take(
                net.file().sha256() + "-" + net.config().sha256(),
                WIDENING * net.file().bytes(),
                () -> load(net.id(), "controlnet", files.of(net), model::loadControlNet)));
  }

  private static <A extends AutoCloseable> Use<A> use(
      String id, Supplier<Lease<Loaded<A>>> taking) {
    try {
      Lease<Loaded<A>> lease = taking.get();
      return new Use<>(lease.value().adapter(), lease);
    } catch (SourceException e) {
      String message = e.getMessage().contains(id) ? e.getMessage() : id + ": " + e.getMessage();
      throw new SourceException(e.code(), message, e);
    }
  }

  private <A extends AutoCloseable> Loaded<A> load(
      String id, String kind, Lease<LocalCopy> file, Function<Path, A> loader) {
    Path path = file.value().path();
    try {
      A adapter = loader.apply(path);
      meters.counter("fresco.worker.adapters.loaded", "kind", kind).increment();
      return new Loaded<>(adapter, file);
    } catch (OutOfMemoryException | NativeException e) {
      file.close(); // the worker's trouble, not the adapter's
      throw e;
    } catch (EngineException e) {
      file.close();
      // Where the file lies is this worker's business; callers know the adapter by its id.
      String reason = String.valueOf(e.getMessage()).replace(path.toString(), id);
      throw new SourceException(
          ErrorCode.ADAPTER_UNUSABLE, id + " does not fit the model: " + reason, e);
    } catch (RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  @Override
  public void close() {
    loras.close();
    controlNets.close();
  }
}
