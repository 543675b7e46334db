package dev.fresco.planning.training;

import static dev.fresco.planning.training.Reception.LATE;
import static dev.fresco.planning.training.Reception.NEW;
import static dev.fresco.planning.training.Reception.REPEATED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.contracts.training.TrainingTelemetry;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class TelemetryLedgerTest {
  private final TelemetryLedger ledger = new TelemetryLedger(2, 1);

  private Reception receive(int stage, long iteration, long second) {
    Instant at = Jobs.START.plusSeconds(second);
    return ledger.receive(
        new TrainingTelemetry("trn_1", at, iteration, 0, stage, 1, null, List.of(), List.of()));
  }

  @Test
  void aReportCountsOnce() {
    assertThat(receive(0, 5, 50)).isEqualTo(NEW);
    assertThat(receive(0, 5, 50)).isEqualTo(REPEATED);
    assertThat(receive(0, 7, 70)).isEqualTo(NEW);
    assertThat(receive(0, 5, 50)).isEqualTo(REPEATED);
    assertThat(receive(0, 6, 60)).isEqualTo(LATE);
    assertThat(receive(0, 6, 60)).isEqualTo(REPEATED);
    assertThat(receive(1, 6, 60)).isEqualTo(NEW);
    assertThat(ledger.foremost()).isEqualTo(7);
  }

  @Test
  void anIterationThatRunsAgainAfterACheckpointIsNew() {
    receive(0, 20, 200);
    receive(1, 20, 200);
    assertThat(receive(0, 11, 300)).isEqualTo(NEW);
    assertThat(ledger.foremost()).isEqualTo(11);
    assertThat(receive(1, 11, 301)).isEqualTo(NEW);
    assertThat(receive(0, 12, 302)).isEqualTo(NEW);
    assertThat(ledger.foremost()).isEqualTo(12);
    assertThat(ledger.newlySilent()).isEmpty();
  }

  @Test
  void aStageThatStaysBehindIsToldOnceUntilItComesBack() {
    receive(1, 100, 1000);
    for (int iteration = 100; iteration < 115; iteration++) {
      receive(0, iteration, 10 * iteration);
      assertThat(ledger.newlySilent()).isEmpty();
    }
    receive(0, 116, 1160);
    assertThat(ledger.newlySilent()).containsExactly(new SilentStage(0, 1, 100));
    receive(0, 117, 1170);
    assertThat(ledger.newlySilent()).isEmpty();
    receive(1, 117, 1170);
    receive(0, 133, 1330);
    assertThat(ledger.newlySilent()).containsExactly(new SilentStage(0, 1, 117));
  }

  @Test
  void whoListensFromTheMiddleOnTakesNobodyForSilent() {
    receive(0, 500, 5000);
    assertThat(ledger.newlySilent()).isEmpty();
    receive(0, 515, 5150);
    assertThat(ledger.newlySilent()).containsExactly(new SilentStage(0, 1, 499));
  }
}
