package dev.fresco.worker.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.contracts.StoredObject;
import dev.fresco.contracts.job.ControlNetUse;
import dev.fresco.contracts.job.JobImage;
import dev.fresco.contracts.job.LoraUse;
import dev.fresco.platform.store.DirectoryObjectStore;
import dev.fresco.platform.store.ObjectStore;
import dev.fresco.platform.store.Sha256;
import dev.fresco.worker.source.AdapterFiles.LocalCopy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterFilesTest {
  private static final int LIMIT = 300_000;

  @TempDir Path folder;
  private ObjectStore objects;
  private AdapterFiles files;

  @BeforeEach
  void open() throws IOException {
    objects = new DirectoryObjectStore(folder.resolve("objects"));
    files = files();
  }

  private AdapterFiles files() {
    return new AdapterFiles(
        folder.resolve("adapters"), objects, new LeasedCache<>(LIMIT, "the.knob"));
  }

  private StoredObject stored(String key, byte[] bytes) throws IOException {
    objects.put(key, bytes);
    return new StoredObject(key, Sha256.of(bytes), bytes.length);
  }

  private static byte[] noise(int seed, int bytes) {
    byte[] noise = new byte[bytes];
    new Random(seed).nextBytes(noise);
    return noise;
  }

  private LoraUse lora(int seed, int bytes) throws IOException {
    return new LoraUse("lora_" + seed, 1, stored("adapters/lora_" + seed, noise(seed, bytes)));
  }

  private ControlNetUse controlNet(int seed) throws IOException {
    StoredObject image = stored("inputs/job_1/image", noise(9, 10));
    return new ControlNetUse(
        "cnet_" + seed,
        new JobImage(image, "image/png", 8, 8, null),
        1,
        0,
        1,
        stored("adapters/cnet_" + seed, noise(seed, 50_000)),
        stored("adapters/cnet_" + seed + ".json", noise(seed + 1000, 400)));
  }

  private long copies() throws IOException {
    try (Stream<Path> all = Files.list(folder.resolve("adapters"))) {
      return all.count();
    }
  }

  @Test
  void aLoraIsFetchedOnceAndKept() throws IOException {
    LoraUse lora = lora(1, 100_000);
    Path path;
    try (Lease<LocalCopy> lease = files.of(lora)) {
      path = lease.value().path();
      assertThat(path)
          .hasBinaryContent(noise(1, 100_000))
          .hasFileName(lora.file().sha256() + ".safetensors");
    }
    objects.delete(lora.file().objectKey());
    LoraUse twin = new LoraUse("lora_twin", 1, lora.file());
    try (Lease<LocalCopy> again = files.of(twin)) {
      assertThat(again.value().path()).isEqualTo(path).exists();
    }
  }

  @Test
  void aControlNetIsAFolderInTheDiffusersLayout() throws IOException {
    ControlNetUse net = controlNet(1);
    try (Lease<LocalCopy> lease = files.of(net)) {
      Path copy = lease.value().path();
      assertThat(copy.resolve("diffusion_pytorch_model.safetensors"))
          .hasBinaryContent(noise(1, 50_000));
      assertThat(copy.resolve("config.json")).hasBinaryContent(noise(1001, 400));
    }
  }

  @Test
  void filesGoWhenTheirPlaceIsNeededButNotWhileInUse() throws IOException {
    Lease<LocalCopy> inUse = files.of(lora(1, 100_000));
    Lease<LocalCopy> unused = files.of(lora(2, 100_000));
    unused.close();
    files.of(lora(3, 150_000)).close();
    assertThat(inUse.value().path()).exists();
    assertThat(unused.value().path()).doesNotExist();
    assertThatThrownBy(() -> files.of(lora(4, 250_000)))
        .hasMessageContaining("of 300000 (the.knob)");
    assertThat(inUse.value().path()).exists();
  }

  @Test
  void whatWasDeletedIsNamed() throws IOException {
    LoraUse lora = lora(1, 1000);
    objects.delete(lora.file().objectKey());
    assertFails(lora, "the file of LoRA lora_1 is no longer there");
    ControlNetUse net = controlNet(2);
    objects.delete(net.file().objectKey());
    assertThatThrownBy(() -> files.of(net))
        .hasMessage("the file of ControlNet cnet_2 is no longer there");
    assertThat(copies()).as("nor is its config").isZero();
  }

  @Test
  void whatIsNotTheBytesThatWereMeantIsNotUsed() throws IOException {
    LoraUse lora = lora(1, 1000);
    byte[] changed = noise(1, 1000);
    changed[500] ^= 1;
    for (byte[] other : new byte[][] {changed, noise(1, 999), noise(1, 1001), new byte[0]}) {
      objects.put(lora.file().objectKey(), other);
      assertFails(lora, "the file of LoRA lora_1 is damaged");
      assertThat(copies()).isZero();
    }
    objects.put(lora.file().objectKey(), noise(1, 1000));
    files.of(lora).close();
  }

  private void assertFails(LoraUse lora, String message) {
    assertThatThrownBy(() -> files.of(lora))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((SourceException) e).code())
        .isEqualTo(ErrorCode.ADAPTER_NOT_FOUND);
  }

  /** A process that was killed leaves files of which nobody knows whether they are whole. */
  @Test
  void theStartEmptiesTheFolder() throws IOException {
    LoraUse lora = lora(1, 1000);
    Path half = folder.resolve("adapters").resolve(lora.file().sha256() + ".safetensors");
    Files.write(half, noise(1, 500));
    files = files();
    assertThat(copies()).isZero();
    try (Lease<LocalCopy> lease = files.of(lora)) {
      assertThat(lease.value().path()).hasBinaryContent(noise(1, 1000));
    }
    files.close();
    assertThat(copies()).as("and the end as well").isZero();
  }
}
