package dev.fresco.planning.queue;

import static dev.fresco.planning.queue.Jobs.START;
import static dev.fresco.planning.queue.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.contracts.job.Priority;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class QueueExitTest {
  private static final PendingJob FREE = job("a", "free").job();
  private static final PendingJob DUE =
      job("a", "due").wish(Priority.NORMAL, START.plusSeconds(5)).job();

  @Test
  void staysUntilTheDeadline() {
    assertThat(QueueExit.of(List.of(FREE, DUE), Set.of(), START.plusSeconds(5).minusMillis(1)))
        .isEmpty();
  }

  @Test
  void leavesAtTheDeadline() {
    assertThat(QueueExit.of(List.of(FREE, DUE), Set.of(), START.plusSeconds(5)))
        .containsExactly(new QueueExit(DUE, QueueExit.Reason.EXPIRED));
  }

  @Test
  void aCancelledJobLeavesAsCancelled() {
    assertThat(QueueExit.of(List.of(FREE, DUE), Set.of("due", "gone"), START.plusSeconds(9)))
        .containsExactly(new QueueExit(DUE, QueueExit.Reason.CANCELLED));
  }
}
