package dev.fresco.gateway.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.contracts.worker.ModelCard;
import dev.fresco.contracts.worker.WorkerStatus;
import dev.fresco.gateway.config.GatewaySettings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelCatalogueTest {
  private static final Instant NOW = Instant.parse("2026-01-02T12:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration ANY = Duration.ofSeconds(1);

  private final ModelCatalogue catalogue =
      new ModelCatalogue(
          Clock.fixed(NOW, ZoneOffset.UTC),
          new GatewaySettings(null, DAY, ANY, ANY, ANY, ANY, ANY, ANY));

  private void announced(String workerId, Instant at, String model) {
    ModelCard card =
        new ModelCard(
            model, "test", "r1", 8, 8, 512, 64, 64, 77, List.of("ddim"), "ddim", 20, 150, 5, 30);
    catalogue.announced(
        new WorkerStatus(
            workerId,
            at,
            List.of(card),
            List.of("denoise"),
            1,
            0,
            List.of(),
            List.of(),
            List.of(0),
            0,
            false,
            List.of()));
  }

  @Test
  void aModelIsOnOfferForAsLongAsItsLastAnnouncementIsRemembered() {
    announced("away", NOW.minus(DAY), "late");
    announced("gone", NOW.minus(DAY).minusMillis(1), "old");
    assertThat(catalogue.models()).extracting(ModelCard::id).containsExactly("late");
    assertThat(catalogue.find("old")).isEmpty();

    announced("new", NOW, "old");
    assertThat(catalogue.find("old")).isPresent();
  }
}
