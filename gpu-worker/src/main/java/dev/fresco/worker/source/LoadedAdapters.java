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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Adapters that are loaded for this worker's model. Jobs that use the same one share it, so that
 * the engine sees that they do.
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

  /**
   * An adapter.
   *
   * @param file copy of its file that it needs as long as it is loaded, or null
   */
  public record Loaded<A extends AutoCloseable>(A adapter, Lease<LocalCopy> file)
      implements AutoCloseable {
    @Override
    public void close() throws Exception {
      try {
        adapter.close();
      } finally {
        if (file != null) {
          file.close();
        }
      }
    }
  }

  /**
   * Holds what a job uses together against the memory.
   *
   * @throws SourceException if it would not fit even if nobody else used any
   */
  void requireFit(List<LoraUse> uses, List<ControlNetUse> nets) {
    Map<String, Long> loraBytes = new HashMap<>();
    uses.forEach(lora -> loraBytes.put(lora.file().sha256(), bytes(lora)));
    requireFit(loraBytes, loras);
    Map<String, Long> netBytes = new HashMap<>();
    nets.forEach(net -> netBytes.put(key(net), bytes(net)));
    requireFit(netBytes, controlNets);
  }

  /** One alone is refused by its name when it is taken. */
  private static void requireFit(Map<String, Long> bytes, LeasedCache<String, ?> cache) {
    if (bytes.size() > 1) {
      long sum = bytes.values().stream().mapToLong(Long::longValue).sum();
      cache.requireFits("what the job uses takes", sum);
    }
  }

  private static long bytes(LoraUse lora) {
    return WIDENING * lora.file().bytes();
  }

  private static long bytes(ControlNetUse net) {
    return WIDENING * net.file().bytes();
  }

  private static String key(ControlNetUse net) {
    return net.file().sha256() + "-" + net.config().sha256();
  }

  /** Something that a job uses until it lets go of it. */
  record Use<A>(A adapter, Lease<?> lease) {}

  /**
   * @throws SourceException if it cannot be had or does not fit the model
   */
  Use<Adapter> of(LoraUse lora) {
    return use(lora.id(), () -> loras.take(lora.file().sha256(), bytes(lora), () -> load(lora)));
  }

  /**
   * @throws SourceException if it cannot be had or does not fit the model
   */
  Use<ControlNet> of(ControlNetUse net) {
    return use(net.id(), () -> controlNets.take(key(net), bytes(net), () -> load(net)));
  }

  private static <A extends AutoCloseable> Use<A> use(
      String id, Supplier<Lease<Loaded<A>>> taking) {
    try {
      Lease<Loaded<A>> lease = taking.get();
      return new Use<>(lease.value().adapter(), lease);
    } catch (NoRoomException e) {
      throw new NoRoomException(e, of(id, e));
    } catch (SourceException e) {
      throw new SourceException(e.code(), of(id, e), e);
    }
  }

  private static String of(String id, SourceException e) {
    return e.getMessage().contains(id) ? e.getMessage() : id + ": " + e.getMessage();
  }

  /** The engine reads the file as a whole, so that its copy may go before the LoRA does. */
  private Loaded<Adapter> load(LoraUse lora) {
    try (Lease<LocalCopy> file = copy(() -> files.of(lora))) {
      return new Loaded<>(load(lora.id(), "lora", file, model::loadAdapter), null);
    }
  }

  /** The engine may map the weights, so that their copy stays as long as the ControlNet. */
  private Loaded<ControlNet> load(ControlNetUse net) {
    Lease<LocalCopy> file = copy(() -> files.of(net));
    try {
      return new Loaded<>(load(net.id(), "controlnet", file, model::loadControlNet), file);
    } catch (RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  /** A ControlNet that nobody uses gives its files up for one that somebody does. */
  private Lease<LocalCopy> copy(Supplier<Lease<LocalCopy>> taking) {
    try {
      return taking.get();
    } catch (NoRoomException e) {
      controlNets.closeIdle();
      return taking.get();
    }
  }

  private <A> A load(String id, String kind, Lease<LocalCopy> file, Function<Path, A> loader) {
    Path path = file.value().path();
    try {
      A adapter = loader.apply(path);
      meters.counter("fresco.worker.adapters.loaded", "kind", kind).increment();
      return adapter;
    } catch (OutOfMemoryException | NativeException e) {
      throw e; // the worker's trouble, not the adapter's
    } catch (EngineException e) {
      // Where the file lies is this worker's business; callers know the adapter by its id.
      String reason = String.valueOf(e.getMessage()).replace(path.toString(), id);
      throw new SourceException(
          ErrorCode.ADAPTER_UNUSABLE, id + " does not fit the model: " + reason, e);
    }
  }

  @Override
  public void close() {
    loras.close();
    controlNets.close();
  }
}
