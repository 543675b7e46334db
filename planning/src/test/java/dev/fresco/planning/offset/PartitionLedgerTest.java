package dev.fresco.planning.offset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionLedgerTest {

  @Test
  void theExampleOfItsDocumentation() {
    PartitionLedger ledger = new PartitionLedger(5, new TreeSet<>());
    for (long record = 5; record <= 9; record++) {
      ledger = ledger.begin(record);
    }
    ledger = ledger.end(5).end(7).end(9);
    assertThat(ledger.offset()).isEqualTo(6);
    assertThat(ledger.note()).isEqualTo("1:10:6,8");
    PartitionLedger nextOwner = PartitionLedger.restore(6, "1:10:6,8");
    assertThat(List.of(6L, 7L, 8L, 9L, 10L).stream().filter(nextOwner::isDone))
        .containsExactly(7L, 9L);
  }

  @Test
  void aGroupThatNeverCommittedStartsAtTheOffset() {
    PartitionLedger ledger = PartitionLedger.restore(42, "");
    assertThat(ledger.offset()).isEqualTo(42);
    assertThat(ledger.isDone(42)).isFalse();
  }

  @Test
  void aNoteThatKafkaWouldRefuseForgetsWhatIsDoneButNothingThatIsOpen() {
    PartitionLedger ledger = PartitionLedger.empty();
    for (long record = 100_000; record < 102_000; record++) {
      ledger = ledger.begin(record);
    }
    ledger = ledger.end(101_000);
    assertThat(ledger.note()).hasSizeLessThan(4_096);
    PartitionLedger restored = PartitionLedger.restore(ledger.offset(), ledger.note());
    assertThat(ledger.open()).noneMatch(restored::isDone);
    assertThat(restored.offset()).isEqualTo(100_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2:10:6", "1:10", "1:x:", "1:10:6,y", "1:5:7"})
  void aForeignNoteIsRefused(String note) {
    assertThatThrownBy(() -> PartitionLedger.restore(6, note))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void endingWhatIsNotOpenIsRefused() {
    assertThatThrownBy(() -> PartitionLedger.empty().end(3)).hasMessageContaining("record 3");
    assertThatThrownBy(() -> PartitionLedger.empty().begin(3).end(3).begin(3))
        .hasMessageContaining("record 3 is done");
  }

  /** Whenever the consumer dies, the next one gets exactly the records that have not ended. */
  @Property
  void aCrashAfterAnyCommitHandsOutExactlyWhatIsNotDone(
      @ForAll @Size(max = 40) List<@IntRange(max = 39) Integer> ends) {
    PartitionLedger ledger = PartitionLedger.empty();
    Set<Long> ended = new HashSet<>();
    for (long record = 0; record < 40; record += record % 3 == 0 ? 2 : 1) {
      ledger = ledger.begin(record);
    }
    for (int record : ends) {
      if (ledger.open().contains((long) record)) {
        ledger = ledger.end(record);
        ended.add((long) record);
      }
      PartitionLedger restored = PartitionLedger.restore(ledger.offset(), ledger.note());
      assertThat(restored).isEqualTo(ledger);
      for (long open : ledger.open()) {
        assertThat(restored.isDone(open)).isFalse();
        assertThat(open).isGreaterThanOrEqualTo(ledger.offset());
      }
      assertThat(ended).allMatch(restored::isDone);
    }
  }
}
