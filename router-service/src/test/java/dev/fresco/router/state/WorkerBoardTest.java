package dev.fresco.router.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fresco.contracts.worker.ModelCard;
import dev.fresco.contracts.worker.WorkerStatus;
import dev.fresco.planning.routing.InFlight;
import dev.fresco.planning.routing.WorkerView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WorkerBoardTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  private final WorkerBoard board = new WorkerBoard(Duration.ofDays(1));

  private void says(double stepMillis, List<String> recordings, double... ratios) {
    ModelCard card =
        new ModelCard(
            "m", "test", "r1", 8, 8, 512, 64, 64, 77, List.of("ddim"), "ddim", 20, 150, 5, 30);
    List<WorkerStatus.Member> batch = new ArrayList<>();
    for (double ratio : ratios) {
      batch.add(new WorkerStatus.Member("edit-" + batch.size(), 0, 2, 10, ratio));
    }
    board.seen(
        new WorkerStatus(
            "w",
            NOW,
            List.of(card),
            List.of("denoise"),
            8,
            0,
            batch,
            List.of(),
            List.of(0),
            stepMillis,
            false,
            recordings));
  }

  private WorkerView view() {
    return board.fleet(NOW).worker("w");
  }

  @Test
  void learnsWhatStepsCost() {
    says(0, List.of());
    assertThat(view().cost()).isNull();
    for (int round = 0; round < 10; round++) {
      says(20 + 80 + round * 1e-6, List.of(), 1);
      says(20 + 160, List.of(), 1, 1);
      says(20 + 16 + 40, List.of(), .2);
      says(20 + 16 + 60, List.of(), .1, .1);
    }
    assertThat(view().cost().millis(3, 0)).isCloseTo(260, within(20.0));
    // The worker has started again.
    says(0, List.of());
    assertThat(view().cost()).isNull();
  }

  @Test
  void aStatusThatIsRepeatedTeachesOnce() {
    says(0, List.of());
    says(100, List.of(), 1);
    double constant = view().cost().constantMillis();
    says(100, List.of(), .5);
    assertThat(view().cost().constantMillis()).isEqualTo(constant);
  }

  @Test
  void aRecordingIsComingUntilItIsThereOrItsJobHasEnded() {
    says(50, List.of());
    board.given("w", new InFlight("j", 1, 10, 1, "rec_1"), Set.of());
    board.given("w", new InFlight("k", 1, 10, 1, "rec_2"), Set.of());
    assertThat(view().atHand().coming()).containsExactlyInAnyOrder("rec_1", "rec_2");
    says(50, List.of("rec_1"));
    assertThat(view().atHand().recordings()).containsExactly("rec_1");
    assertThat(view().atHand().coming()).containsExactly("rec_2");
    board.ended("k");
    assertThat(view().atHand().coming()).isEmpty();
  }

  @Test
  void theLastAdaptersCountAsAtHand() {
    says(50, List.of());
    for (int i = 0; i < 40; i++) {
      board.given("w", new InFlight("j" + i, 1, 10, 1, null), Set.of("first", "lora-" + i));
    }
    assertThat(view().atHand().adapters())
        .contains("first", "lora-39")
        .doesNotContain("lora-0")
        .hasSize(32);
    says(0, List.of());
    assertThat(view().atHand().adapters()).isEmpty();
  }
}
