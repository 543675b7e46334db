package dev.fresco.trainer.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.engine.HostTensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class InboxTest {
  private static final Duration SHORT = Duration.ofMillis(1);
  private static final Duration LONG = Duration.ofSeconds(20);

  private final Inbox inbox = new Inbox();

  @Test
  void aMessageIsWaitedFor() throws Exception {
    CompletableFuture<HostTensor> taken =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return inbox.take(key(0, 1), LONG);
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    inbox.put(message(0, 0));
    inbox.put(message(0, 1));
    assertThat(taken.get().data()).containsExactly(1);
    assertThat(inbox.take(key(0, 0), SHORT).data()).containsExactly(0);
  }

  @Test
  void anyMixOfDoublesIsTakenOnce() throws InterruptedException {
    Random random = new Random(5);
    int taken = 0;
    for (int iteration = 0; iteration < 30; iteration++) {
      List<Message> messages = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        messages.add(message(Math.max(0, iteration - random.nextInt(4)), random.nextInt(6)));
      }
      for (int microbatch = 0; microbatch < 6; microbatch++) {
        messages.add(message(iteration, microbatch));
      }
      for (Message each : messages) {
        taken += inbox.put(each) ? 1 : 0;
      }
      for (int microbatch = 0; microbatch < 6; microbatch++) {
        inbox.take(key(iteration, microbatch), SHORT);
      }
    }
    assertThat(taken).isEqualTo(180);
    assertThatThrownBy(() -> inbox.take(key(29, 0), SHORT)).isInstanceOf(LinkException.class);
  }

  @Test
  void theTimeLimitNamesTheKey() {
    assertThatThrownBy(() -> inbox.take(key(3, 2), SHORT))
        .isInstanceOf(LinkException.class)
        .hasMessage(
            "no ACTIVATION of iteration 3, microbatch 2, for piece 1 within 1 ms (takeLimit)");
  }

  @Test
  void afterAFailureOnlyWhatHasComeIsTaken() throws InterruptedException {
    inbox.put(message(0, 0));
    inbox.fail(new LinkException("stage 1 is gone"));
    inbox.fail(new LinkException("closed"));
    assertThat(inbox.take(key(0, 0), LONG).data()).containsExactly(0);
    assertThatThrownBy(() -> inbox.take(key(0, 1), LONG))
        .isInstanceOf(LinkException.class)
        .hasMessageContaining("microbatch 1")
        .hasMessageContaining("stage 1 is gone");
  }

  private static MessageKey key(int iteration, int microbatch) {
    return new MessageKey(MessageKind.ACTIVATION, iteration, microbatch, 1);
  }

  private static Message message(int iteration, int microbatch) {
    return new Message(key(iteration, microbatch), HostTensor.of(new float[] {microbatch}, 1));
  }
}
