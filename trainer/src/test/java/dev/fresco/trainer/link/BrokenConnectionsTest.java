package dev.fresco.trainer.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.engine.HostTensor;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Connections that are cut anywhere: in handshakes, frames and receipts. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class BrokenConnectionsTest {
  private static final int ITERATIONS = 10;
  private static final int MICROBATCHES = 12;

  @ParameterizedTest
  @CsvSource({
    "1, 0, 9000, 1000",
    "2, 1, 9000, 1000",
    "3, 3, 9000, 1000",
    "4, 0, 1000000, 5",
    "5, 3, 1000000, 5",
    "6, 3, 9000, 8"
  })
  void noMessageIsLostOrDoubled(long seed, int delegates, int mostThere, int mostBack)
      throws Exception {
    try (LinkPair links =
            new LinkPair(LinkPair.patience(Duration.ofSeconds(20)), LinkClock.SYSTEM);
        CuttingProxy there = new CuttingProxy(links.second.address(), seed, mostThere, mostBack);
        CuttingProxy back =
            new CuttingProxy(links.first.address(), seed + 100, mostThere, mostBack)) {
      links.first.connect(Map.of(1, there.address()));
      links.second.connect(Map.of(0, back.address()));
      links.first.delegate(Map.of(1, delegates));
      links.second.delegate(Map.of(0, delegates));
      CompletableFuture<Void> answering = CompletableFuture.runAsync(() -> answer(links.second));
      for (int iteration = 0; iteration < ITERATIONS; iteration++) {
        ask(links.first, iteration);
      }
      answering.get();
      assertThat(there.cuts() + back.cuts()).isGreaterThan(20);
      assertThat(links.first.waiting() + links.second.waiting()).isZero();
    }
  }

  private static void ask(StageLinks links, int iteration) throws InterruptedException {
    for (int i = 0; i < MICROBATCHES; i++) {
      links.send(1, new Message(key(MessageKind.ACTIVATION, iteration, i), tensor(iteration, i)));
    }
    for (int i = 0; i < MICROBATCHES; i++) {
      assertThat(links.take(key(MessageKind.GRADIENT, iteration, i)).data())
          .isEqualTo(tensor(iteration, i).data());
    }
  }

  private static void answer(StageLinks links) {
    try {
      for (int iteration = 0; iteration < ITERATIONS; iteration++) {
        for (int i = 0; i < MICROBATCHES; i++) {
          HostTensor tensor = links.take(key(MessageKind.ACTIVATION, iteration, i));
          links.send(0, new Message(key(MessageKind.GRADIENT, iteration, i), tensor));
        }
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static MessageKey key(MessageKind kind, int iteration, int microbatch) {
    return new MessageKey(kind, iteration, microbatch, kind == MessageKind.ACTIVATION ? 1 : 0);
  }

  /** Up to 4 kB that nobody else sends. */
  private static HostTensor tensor(int iteration, int microbatch) {
    Random random = new Random(31L * iteration + microbatch);
    float[] data = new float[1 + random.nextInt(1000)];
    for (int i = 0; i < data.length; i++) {
      data[i] = random.nextFloat();
    }
    return HostTensor.of(data, data.length);
  }

  @ParameterizedTest
  @CsvSource({"0", "2"})
  void aPeerThatIsGoneForGoodEndsTheLink(int delegates) throws Exception {
    LinkSettings settings =
        LinkPair.patience(Duration.ofSeconds(20))
            .withTries(4, Duration.ofMillis(1), Duration.ofMillis(1));
    try (LinkPair links = new LinkPair(settings, LinkClock.SYSTEM)) {
      links.first.delegate(Map.of(1, delegates));
      links.first.send(1, LinkPair.message(LinkPair.activation(0)));
      links.second.take(LinkPair.activation(0));
      links.second.close();
      assertThatThrownBy(
              () -> {
                links.first.send(1, LinkPair.message(LinkPair.activation(1)));
                links.first.take(LinkPair.gradient(0));
              })
          .isInstanceOf(LinkException.class)
          .hasMessageContaining("could not be delivered in 4 tries");
    }
  }
}
