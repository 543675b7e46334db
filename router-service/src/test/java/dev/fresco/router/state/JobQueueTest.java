package dev.fresco.router.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.contracts.job.JobKind;
import dev.fresco.contracts.job.JobRequest;
import dev.fresco.contracts.job.JobRequested;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JobQueueTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  private final JobQueue queue = new JobQueue();
  private final List<Long> commits = new ArrayList<>();

  @BeforeEach
  void start() {
    queue.start(10);
  }

  @Test
  void commitsUpToTheOldestPendingJob() {
    arrive("a", 10);
    arrive("b", 11);
    arrive("c", 12);
    queue.leave("b", NOW);
    assertThat(commits).isEmpty();
    assertThat(queue.lowWaterOffset()).isEqualTo(10);
    queue.leave("a", NOW);
    assertThat(commits).containsExactly(11L);
    assertThat(queue.lowWaterOffset()).isEqualTo(12);
    queue.leave("c", NOW);
    assertThat(commits).containsExactly(11L, 12L);
    assertThat(queue.lowWaterOffset()).isEqualTo(13);
  }

  @Test
  void anUnreadableRequestDoesNotCommitThoseBeforeIt() {
    arrive("a", 10);
    queue.skip(11, () -> commits.add(11L));
    assertThat(commits).isEmpty();
    queue.leave("a", NOW);
    assertThat(commits).containsExactly(11L);
  }

  @Test
  void aRequestThatIsDeliveredAgainStaysPending() {
    arrive("a", 10);
    arrive("a", 10);
    assertThat(queue.size()).isEqualTo(1);
    assertThat(commits).isEmpty();
  }

  @Test
  void aSecondRequestForAJobChangesNothing() {
    arrive("a", 10);
    arrive("a", 11);
    assertThat(queue.size()).isEqualTo(1);
    queue.leave("a", NOW);
    arrive("a", 12);
    assertThat(queue.size()).isZero();
    assertThat(commits).containsExactly(11L, 12L);
  }

  @Test
  void whatLeftIsForgottenInTheEnd() {
    queue.leave("a", NOW);
    queue.prune(NOW.plusSeconds(60));
    arrive("a", 10);
    assertThat(queue.size()).isZero();
    queue.prune(NOW.plusSeconds(3600));
    arrive("a", 11);
    assertThat(queue.size()).isEqualTo(1);
  }

  @Test
  void aJobThatWasAnnouncedBeforeATakeoverIsNotAnnouncedAgain() {
    arrive("a", 10);
    queue.announcedEarlier(Set.of("a", "b"));
    arrive("b", 11);
    arrive("c", 12);
    assertThat(queue.jobs()).extracting(QueuedJob::announced).containsExactly(true, true, false);
  }

  private void arrive(String jobId, long offset) {
    JobRequest request =
        new JobRequest(
            JobKind.TEXT_TO_IMAGE, "m", "", "", 8, 8, 1, 1, "ddim", 0, 1, null, null, Map.of());
    queue.arrive(
        new JobRequested(jobId, "t", NOW, request, null), offset, NOW, () -> commits.add(offset));
  }
}
