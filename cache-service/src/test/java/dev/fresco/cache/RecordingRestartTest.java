package dev.fresco.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fresco.contracts.template.RecordingKey;
import dev.fresco.contracts.template.TemplateEvent;
import dev.fresco.platform.Answer;
import dev.fresco.platform.RunningService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingRestartTest {
  @TempDir Path root;

  @Test
  void theCatalogueIsTheFolder() throws Exception {
    RecordingKey kept;
    RecordingKey orphan;
    Answer template;
    Path rest = root.resolve("r").resolve("rec_" + "0".repeat(32) + ".frec.part");
    try (CacheNode node = CacheNode.start("r", root)) {
      kept = node.stored("restart", 60);
      template = node.template("restart", 61);
      orphan = CacheNode.key(template, "ddim");
      assertThat(node.send(orphan).stored()).isTrue();
      RunningService.flushRedis();
      await().until(() -> node.listed(kept) != null);
      Files.writeString(rest, "half");
    }
    byte[] bytes = Files.readAllBytes(root.resolve("r").resolve(kept.id() + ".frec"));
    RunningService.flushRedis();
    TemplateNews.tell(new TemplateEvent.Deleted(template.field("id"), Instant.now()));
    try (CacheNode node = CacheNode.start("r", root)) {
      assertThat(rest).doesNotExist();
      assertThat(node.listed(orphan)).isNull();
      assertThat(node.file(orphan)).doesNotExist();
      assertThat(node.read(kept).hasStatus(200).bytes()).isEqualTo(bytes);
    }
  }
}
