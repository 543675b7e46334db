package dev.fresco.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fresco.contracts.template.RecordingKey;
import dev.fresco.contracts.template.TemplateEvent;
import dev.fresco.platform.Answer;
import dev.fresco.platform.recording.RecordingUpload;
import dev.fresco.platform.recording.RecordingUpload.Sent;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingsApiTest {
  @TempDir static Path root;
  private static CacheNode node;
  private static CacheNode other;

  @BeforeAll
  static void start() {
    // Room for two on the disk, and for one in memory.
    node =
        CacheNode.start(
            "a", root, "fresco.recordings.disk=600KB", "fresco.recordings.memory=300KB");
    other = CacheNode.start("b", root);
  }

  @AfterAll
  static void stop() {
    node.close();
    other.close();
  }

  private static String path(RecordingKey key) {
    return RecordingUpload.PATH + key.id();
  }

  @Test
  void aRecordingIsSentListedAndReadInParts() throws Exception {
    try (TemplateNews news = new TemplateNews()) {
      Answer template = node.template("ada", 1);
      RecordingKey key = CacheNode.key(template, "ddim");
      Path sent = node.written(key);
      assertThat(node.send(key.id(), sent)).isEqualTo(new Sent(true, null));
      assertThat(node.send(key.id(), sent)).isEqualTo(new Sent(true, null));
      news.awaitEvent(
          event ->
              event instanceof TemplateEvent.Recorded recorded
                  && recorded.key().equals(key)
                  && recorded.bytes() == CacheNode.BYTES
                  && recorded.templateId().equals("tpl_x"));

      byte[] bytes = Files.readAllBytes(sent);
      Answer whole = node.read(key).hasStatus(200);
      assertThat(whole.bytes()).isEqualTo(bytes);
      assertThat(whole.header("Accept-Ranges")).isEqualTo("bytes");
      assertThat(node.listed(key).get("tier").asString()).isEqualTo("memory");
      assertThat(node.listed(key).get("hits").asInt()).isEqualTo(1);
      assertThat(node.listed(key).get("bytes").asLong()).isEqualTo(CacheNode.BYTES);
      assertThat(node.listed(key).get("key").get("sampler").asString()).isEqualTo("ddim");
      var shown = node.service().as("ada").get("/v1/templates/" + template.field("id")).json();
      assertThat(shown.get("recordings").get(0).get("id").asString()).isEqualTo(key.id());

      part(key, "bytes=262144-262147", 206, Arrays.copyOfRange(bytes, 262144, 262148));
      part(key, "bytes=-5", 206, Arrays.copyOfRange(bytes, bytes.length - 5, bytes.length));
      part(key, "bytes=286700-", 206, Arrays.copyOfRange(bytes, 286700, bytes.length));
      part(key, "bytes=286700-999999999", 206, Arrays.copyOfRange(bytes, 286700, bytes.length));
      part(key, "bytes=" + bytes.length + "-", 416, new byte[0]);
      part(key, "bytes=1-2,5-6", 200, bytes);
      part(key, "bytes=5-1", 200, bytes);
      assertThat(node.listed(key).get("hits").asInt()).isEqualTo(1);
    }
  }

  private static void part(RecordingKey key, String range, int status, byte[] expected) {
    Answer answer =
        node.service()
            .send(node.service().request(path(key)).header("Range", range))
            .hasStatus(status);
    assertThat(answer.bytes()).as(range).isEqualTo(expected);
  }

  @Test
  void aReaderIsToldWhenTheFileIsAnother() throws Exception {
    RecordingKey key = node.stored("version", 2);
    String version = node.read(key).header("ETag");
    var request = node.service().request(path(key));
    node.service().send(request.copy().header("If-Match", version)).hasStatus(200);
    node.service().send(request.copy().header("If-Match", "\"x\"")).hasStatus(412);
    Answer head =
        node.service().send(request.copy().method("HEAD", BodyPublishers.noBody())).hasStatus(200);
    assertThat(head.header("Content-Length")).isEqualTo("" + CacheNode.BYTES);
  }

  @Test
  void whatIsNoSoundRecordingIsRefused() throws Exception {
    RecordingKey key = CacheNode.key(node.template("refused", 3), "ddim");
    Path file = node.written(key);
    byte[] sound = Files.readAllBytes(file);
    refused(key.id(), sound.clone(), 0, 422, "no recording");
    refused(key.id(), sound.clone(), sound.length - 8192, 422, "checksum of attn1.k");
    refused(key.id(), Arrays.copyOf(sound, sound.length - 4096), -1, 422, "size");
    refused(key.id(), new byte[0], -1, 422, "at least");
    refused(CacheNode.key(node.template("refused", 4), "ddim").id(), sound, -1, 422, key.id());
    refused("rec_x", sound, -1, 404, "rec_x");
    RecordingKey homeless =
        new RecordingKey("rev-1", "ab".repeat(32), 24, 16, "ddim", 2, true, key.adapters());
    refused(homeless.id(), Files.readAllBytes(node.written(homeless)), -1, 404, "template");
    assertThat(node.count("fresco.recordings.damaged")).isGreaterThanOrEqualTo(4);
    assertThat(node.send(key)).isEqualTo(new Sent(true, null));
  }

  private static void refused(String id, byte[] bytes, int damage, int status, String said)
      throws IOException {
    if (damage >= 0) {
      bytes[damage] ^= 1;
    }
    node.service()
        .send(
            node.service()
                .request(RecordingUpload.PATH + id)
                .PUT(BodyPublishers.ofByteArray(bytes)))
        .isProblem(status, status == 404 ? "not_found" : "invalid_request", said);
    assertThat(root.resolve("a").toFile().list())
        .noneMatch(name -> name.startsWith(id) || name.endsWith(".part"));
  }

  @Test
  void theLeastRecentlyUsedMakesRoomUnlessItIsPinned() throws Exception {
    try (TemplateNews news = new TemplateNews()) {
      double before = node.count("fresco.recordings.left", "reason", "room");
      RecordingKey first = node.stored("room", 10);
      RecordingKey second = node.stored("room", 11);
      String pin = path(first) + "/pins/worker-1";
      node.service().send(put(node, pin + "?seconds=60")).hasStatus(204);
      assertThat(node.listed(first).get("pins").asInt()).isEqualTo(1);
      RecordingKey third = node.stored("room", 12);
      news.awaitEvicted(second.id(), TemplateEvent.Reason.ROOM);
      assertThat(node.file(second)).doesNotExist();
      assertThat(node.listed(second)).isNull();
      assertThat(node.count("fresco.recordings.left", "reason", "room")).isGreaterThan(before);

      node.service().send(put(node, path(third) + "/pins/worker-1?seconds=60")).hasStatus(204);
      RecordingKey fourth = CacheNode.key(node.template("room", 13), "ddim");
      Sent refused = node.send(fourth);
      assertThat(refused.stored()).isFalse();
      assertThat(refused.reason())
          .contains("507", "others are in use", "614400", "fresco.recordings.disk");
      node.service().delete(pin).hasStatus(204);
      assertThat(node.send(fourth).stored()).isTrue();
      assertThat(node.file(first)).doesNotExist();
      node.service().send(put(node, path(first) + "/pins/x?seconds=1")).hasStatus(404);
      node.service().delete(path(third) + "/pins/worker-1").hasStatus(204);
    }
  }

  private static HttpRequest.Builder put(CacheNode to, String path) {
    return to.service().request(path).PUT(BodyPublishers.noBody());
  }

  @Test
  void aPinEndsByItself() throws Exception {
    RecordingKey key = other.stored("pins", 20);
    other.service().send(put(other, path(key) + "/pins/w?seconds=1")).hasStatus(204);
    assertThat(other.listed(key).get("pins").asInt()).isEqualTo(1);
    await().until(() -> other.listed(key).get("pins").asInt() == 0);
  }

  @Test
  void aDamagedFileIsRemovedWhenItIsReported() throws Exception {
    RecordingKey sound = node.stored("damage", 30);
    RecordingKey key = node.stored("damage", 31);
    RecordingUpload upload = new RecordingUpload(node.address(), Duration.ofSeconds(10));
    assertThat(upload.reportDamage(sound.id()).stored()).isTrue();
    CacheNode.damage(node.file(key));
    try (TemplateNews news = new TemplateNews()) {
      double before = node.count("fresco.recordings.damaged");
      assertThat(upload.reportDamage(key.id()).stored()).isFalse();
      news.awaitEvicted(key.id(), TemplateEvent.Reason.DAMAGED);
      assertThat(node.file(key)).doesNotExist();
      node.read(key).isProblem(404, "not_found", key.id());
      assertThat(node.count("fresco.recordings.damaged")).isEqualTo(before + 1);
    }
    // Made again, it is taken.
    assertThat(node.send(key).stored()).isTrue();
    node.read(key).hasStatus(200);
  }

  @Test
  void anotherNodesRecordingIsFetchedAndKept() throws Exception {
    RecordingKey key = node.stored("remote", 40);
    byte[] bytes = Files.readAllBytes(node.file(key));
    await()
        .untilAsserted(() -> assertThat(other.read(key).hasStatus(200).bytes()).isEqualTo(bytes));
    await().until(() -> Files.exists(other.file(key)));
    assertThat(other.count("fresco.recordings.hits", "tier", "remote")).isEqualTo(1);
    await().untilAsserted(() -> assertThat(twoCopies(key)).isEqualTo(2));
    node.service().delete("/v1/recordings/" + key.id()).hasStatus(204);
    await().untilAsserted(() -> assertThat(twoCopies(key)).isZero());
    assertThat(Stream.of(node, other).map(one -> one.file(key))).noneMatch(Files::exists);
    node.service().delete("/v1/recordings/" + key.id()).isProblem(404, "not_found");
    other.read(key).hasStatus(404);
  }

  private static long twoCopies(RecordingKey key) {
    long copies = 0;
    for (var item : node.service().get("/v1/recordings").json().get("items")) {
      copies += item.get("id").asString().equals(key.id()) ? 1 : 0;
    }
    return copies;
  }

  @Test
  void recordingsGoWithTheLastTemplateOfTheirPicture() throws Exception {
    Answer ada = other.template("ada", 50);
    Answer bob = other.template("bob", 50);
    RecordingKey ddim = CacheNode.key(ada, "ddim");
    RecordingKey euler = CacheNode.key(ada, "euler");
    assertThat(other.send(ddim).stored()).isTrue();
    assertThat(other.send(euler).stored()).isTrue();
    String pin = path(euler) + "/pins/worker-1";
    other.service().send(put(other, pin + "?seconds=60")).hasStatus(204);

    other.service().as("ada").delete("/v1/templates/" + ada.field("id")).hasStatus(204);
    other.read(ddim).hasStatus(200);
    other.service().as("bob").delete("/v1/templates/" + bob.field("id")).hasStatus(204);
    assertThat(other.file(ddim)).doesNotExist();
    // Whoever uses it goes on; nobody else begins.
    assertThat(other.file(euler)).exists();
    other.read(euler).hasStatus(404);
    other.service().delete(pin).hasStatus(204);
    assertThat(other.file(euler)).doesNotExist();
    // Recorded before the deletion, sent after it.
    assertThat(other.send(ddim).reason()).contains("404");
  }
}
