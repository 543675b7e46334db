package dev.fresco.worker.source;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.contracts.StoredObject;
import dev.fresco.contracts.job.ControlNetUse;
import dev.fresco.contracts.job.LoraUse;
import dev.fresco.platform.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.springframework.util.FileSystemUtils;

/**
 * Copies of adapters on the local disk, named by their hashes, so that one is fetched once however
 * often and under however many ids it is used. A copy is held to its hash before anyone sees it.
 * What an earlier process left behind is removed at the start: nobody knows whether it is whole.
 */
public final class AdapterFiles implements AutoCloseable {
  /** Names of a model's files in the diffusers layout. */
  private static final String WEIGHTS = "diffusion_pytorch_model.safetensors";

  private static final String CONFIG = "config.json";

  private final Path folder;
  private final ObjectFetch objects;
  private final LeasedCache<String, LocalCopy> copies;

  /**
   * @param folder this worker's own
   */
  public AdapterFiles(Path folder, ObjectStore objects, LeasedCache<String, LocalCopy> copies) {
    this.folder = folder;
    this.objects = new ObjectFetch(objects);
    this.copies = copies;
    try {
      FileSystemUtils.deleteRecursively(folder);
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("the folder of adapters cannot be emptied: " + folder, e);
    }
  }

  /** A file, or a folder of files, that goes with its last use. */
  public record LocalCopy(Path path) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      FileSystemUtils.deleteRecursively(path);
    }
  }

  /**
   * The file of a LoRA.
   *
   * @throws SourceException if it cannot be had
   */
  public Lease<LocalCopy> of(LoraUse lora) {
    String name = lora.file().sha256() + ".safetensors";
    Path path = folder.resolve(name);
    return copies.take(
        name,
        lora.file().bytes(),
        () -> {
          fetch("LoRA " + lora.id(), lora.file(), path);
          return new LocalCopy(path);
        });
  }

  /**
   * The folder of a ControlNet, with its weights and its config in the diffusers layout.
   *
   * @throws SourceException if it cannot be had
   */
  public Lease<LocalCopy> of(ControlNetUse net) {
    String name = net.file().sha256() + "-" + net.config().sha256();
    Path path = folder.resolve(name);
    return copies.take(
        name,
        net.file().bytes() + net.config().bytes(),
        () -> {
          LocalCopy copy = new LocalCopy(path);
          try {
            Files.createDirectories(path);
            fetch("ControlNet " + net.id(), net.config(), path.resolve(CONFIG));
            fetch("ControlNet " + net.id(), net.file(), path.resolve(WEIGHTS));
            return copy;
          } catch (IOException | RuntimeException e) {
            throw withoutRests(copy, e);
          }
        });
  }

  private static RuntimeException withoutRests(LocalCopy copy, Exception failure) {
    try {
      copy.close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    return failure instanceof RuntimeException known
        ? known
        : new SourceException(ErrorCode.STORAGE_FAILURE, failure.toString(), failure);
  }

  private void fetch(String what, StoredObject object, Path target) {
    Optional<ObjectFetch.Wrong> wrong;
    try {
      wrong = objects.copy(object, target);
    } catch (IOException e) {
      throw new SourceException(
          ErrorCode.STORAGE_FAILURE, what + " could not be fetched: " + e.getMessage(), e);
    }
    if (wrong.isPresent()) {
      throw new SourceException(
          ErrorCode.ADAPTER_NOT_FOUND, "the file of " + what + " " + wrong.get().words());
    }
  }

  @Override
  public void close() {
    copies.close();
  }
}
