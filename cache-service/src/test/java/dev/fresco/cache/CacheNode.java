package dev.fresco.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.contracts.template.RecordingKey;
import dev.fresco.engine.recording.RecordedNumbers;
import dev.fresco.platform.Answer;
import dev.fresco.platform.RunningService;
import dev.fresco.platform.RunningService.MultipartBody;
import dev.fresco.platform.image.TestImages;
import dev.fresco.platform.recording.RecordingUpload;
import dev.fresco.platform.recording.RecordingUpload.Sent;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A running node of the cache, and what tests do with it. */
record CacheNode(String name, Path root, RunningService service) implements AutoCloseable {
  static final int STEPS = 2;

  /** Of every recording here. */
  static final long BYTES = (256 << 10) + STEPS * 3 * 4096;

  static CacheNode start(String name, Path root, String... properties) {
    List<String> all = new ArrayList<>(List.of(properties));
    all.add("fresco.recordings.node=" + name);
    all.add("fresco.recordings.folder=" + root.resolve(name));
    all.add("fresco.recordings.heartbeat=100ms");
    all.add("fresco.recordings.disk-reserve=0B");
    return new CacheNode(
        name,
        root,
        RunningService.start(
            CacheApplication.class,
            "cache-service",
            root.resolve("objects"),
            all.toArray(String[]::new)));
  }

  URI address() {
    return service.request("").build().uri();
  }

  /** Uploads a template. */
  Answer template(String tenant, long seed) {
    return service
        .as(tenant)
        .post("/v1/templates", new MultipartBody().file("image", "a.png", TestImages.png(seed)))
        .hasStatus(201);
  }

  static RecordingKey key(Answer template, String sampler) {
    return new RecordingKey(
        "rev-1", template.field("sha256"), 24, 16, sampler, STEPS, true, List.of());
  }

  /** A recording's file, as a worker has it. */
  Path written(RecordingKey key) throws IOException {
    Path file = Files.createTempDirectory(root, "worker").resolve(key.id() + ".frec");
    RecordedNumbers.write(file, key);
    return file;
  }

  Sent send(RecordingKey key) throws IOException, InterruptedException {
    return send(key.id(), written(key));
  }

  Sent send(String id, Path file) throws InterruptedException {
    return new RecordingUpload(address(), Duration.ofSeconds(20)).send(id, file, "tpl_x");
  }

  /** A recording that the node has, of a template of its own. */
  RecordingKey stored(String tenant, long seed) throws IOException, InterruptedException {
    RecordingKey key = key(template(tenant, seed), "ddim");
    assertThat(send(key)).isEqualTo(new Sent(true, null));
    return key;
  }

  Answer read(RecordingKey key) {
    return service.get(RecordingUpload.PATH + key.id());
  }

  Path file(RecordingKey key) {
    return root.resolve(name).resolve(key.id() + ".frec");
  }

  /** Changes a number of the first tensor of the last step. */
  static void damage(Path file) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek((256 << 10) + (STEPS - 1) * 3 * 4096 + 5);
      bytes.write(bytes.read() ^ 1);
    }
  }

  /** This node's item of the list; null if there is none. */
  JsonNode listed(RecordingKey key) {
    for (JsonNode item : service.get("/v1/recordings").hasStatus(200).json().get("items")) {
      if (item.get("id").asString().equals(key.id()) && item.get("node").asString().equals(name)) {
        return item;
      }
    }
    return null;
  }

  double count(String meter, String... tags) {
    var counter = service.bean(MeterRegistry.class).find(meter).tags(tags).counter();
    return counter == null ? 0 : counter.count();
  }

  @Override
  public void close() {
    service.close();
  }
}
