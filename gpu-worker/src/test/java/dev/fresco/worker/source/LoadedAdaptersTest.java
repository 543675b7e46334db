package dev.fresco.worker.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.contracts.StoredObject;
import dev.fresco.contracts.job.ControlNetUse;
import dev.fresco.contracts.job.JobImage;
import dev.fresco.contracts.job.LoraUse;
import dev.fresco.engine.Adapter;
import dev.fresco.engine.ControlNet;
import dev.fresco.engine.fake.FakeModel;
import dev.fresco.platform.store.DirectoryObjectStore;
import dev.fresco.platform.store.ObjectStore;
import dev.fresco.platform.store.Sha256;
import dev.fresco.worker.source.AdapterFiles.LocalCopy;
import dev.fresco.worker.source.LoadedAdapters.Loaded;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadedAdaptersTest {
  private static final int DISK = 1000;

  @TempDir Path folder;
  private ObjectStore objects;
  private LeasedCache<String, LocalCopy> disk;
  private LeasedCache<String, Loaded<Adapter>> loras;
  private LeasedCache<String, Loaded<ControlNet>> nets;
  private LoadedAdapters adapters;

  @BeforeEach
  void open() throws IOException {
    objects = new DirectoryObjectStore(folder.resolve("objects"));
    disk = new LeasedCache<>(DISK, "the.disk");
    loras = new LeasedCache<>(1_000_000, "the.loras");
    nets = new LeasedCache<>(1_000_000, "the.nets");
    AdapterFiles files = new AdapterFiles(folder.resolve("adapters"), objects, disk);
    adapters =
        new LoadedAdapters(new FakeModel("fake"), files, loras, nets, new SimpleMeterRegistry());
  }

  private StoredObject stored(String key, int bytes) throws IOException {
    byte[] noise = new byte[bytes];
    new Random(key.hashCode()).nextBytes(noise);
    objects.put(key, noise);
    return new StoredObject(key, Sha256.of(noise), bytes);
  }

  private LoraUse lora(String id, int bytes) throws IOException {
    return new LoraUse(id, 1, stored("adapters/" + id, bytes));
  }

  private ControlNetUse net(String id, int bytes) throws IOException {
    JobImage image = new JobImage(stored("inputs/image", 10), "image/png", 8, 8, null);
    StoredObject config = stored("adapters/" + id + ".json", 10);
    return new ControlNetUse(id, image, 1, 0, 1, stored("adapters/" + id, bytes - 10), config);
  }

  /** It is read as a whole, and its copy is only there to be read again. */
  @Test
  void aLoadedLoraDoesNotHoldItsCopy() throws IOException {
    LoadedAdapters.Use<Adapter> used = adapters.of(lora("lora_1", 700));
    assertThat(disk.used()).isEqualTo(700);
    adapters.of(lora("lora_2", 800)).lease().close();
    assertThat(disk.used()).as("the second one has the first one's room").isEqualTo(800);
    assertThat(loras.size()).isEqualTo(2);
    assertThat(adapters.of(lora("lora_1", 700)).adapter()).isSameAs(used.adapter());
  }

  @Test
  void aControlNetHoldsItsCopyWhileItIsUsedAndGivesItUpAfter() throws IOException {
    LoadedAdapters.Use<ControlNet> used = adapters.of(net("cnet_1", 700));
    assertThatThrownBy(() -> adapters.of(net("cnet_2", 800))).isInstanceOf(NoRoomException.class);
    assertThat(nets.size()).isEqualTo(1);
    used.lease().close();
    adapters.of(net("cnet_2", 800));
    assertThat(nets.size()).isEqualTo(1);
    assertThat(disk.used()).isEqualTo(800);
  }

  @Test
  void whatAJobUsesTogetherMustFit() throws IOException {
    LoraUse lora = lora("lora_1", 300_000);
    LoraUse other = lora("lora_2", 300_000);
    adapters.requireFit(List.of(lora, lora), List.of());
    assertThatThrownBy(() -> adapters.requireFit(List.of(lora, other), List.of()))
        .isExactlyInstanceOf(SourceException.class)
        .hasMessage("what the job uses takes 1200000 bytes; of 1000000 (the.loras) 0 are in use");
  }
}
