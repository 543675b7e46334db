package dev.fresco.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.engine.Conditioning;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.Prompt.LongPrompt;
import dev.fresco.engine.TextStates;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CachedPromptEncoderTest {
  private static final int TOKENS = 10;
  private static final int CHANNELS = 100;

  /** Bytes of the two states' numbers in an entry; texts and the rest come on top. */
  private static final long NUMBERS = 2L * TOKENS * CHANNELS * Float.BYTES;

  private static final LowRankPair PAIR =
      new LowRankPair(HostTensor.of(new float[2], 1, 2), HostTensor.of(new float[2], 2, 1));

  /** A family whose states cost nothing to make, and which can be held up or fail. */
  private static final class CountingEncoder implements PromptEncoder {
    private final List<Prompt> encoded = new ArrayList<>();
    private CountDownLatch gate = new CountDownLatch(0);
    private RuntimeException failure;

    @Override
    public Conditioning encode(Prompt prompt, List<TextAdapter> adapters) {
      synchronized (encoded) {
        encoded.add(prompt);
      }
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      if (failure != null) {
        throw failure;
      }
      return new Conditioning(states(), states(), false);
    }

    private static TextStates states() {
      return new TextStates(HostTensor.of(new float[TOKENS * CHANNELS], TOKENS, CHANNELS), null);
    }
  }

  private final CountingEncoder inner = new CountingEncoder();

  @Test
  void encodesAPromptOnce() {
    CachedPromptEncoder cache = new CachedPromptEncoder(inner, 1 << 20);
    Conditioning made = cache.encode(Prompt.of("a cat", "a dog"), List.of());

    assertThat(cache.encode(Prompt.of("a cat", "a dog"), List.of())).isSameAs(made);
    Prompt spelledOut = new Prompt("a cat", "a dog", "a cat", "", 0, LongPrompt.CUT);
    assertThat(cache.encode(spelledOut, List.of())).isSameAs(made);
    assertThat(inner.encoded).hasSize(1);
    assertThat(cache.hits()).isEqualTo(2);
    assertThat(cache.misses()).isEqualTo(1);
    assertThat(cache.bytes()).isBetween(NUMBERS, NUMBERS + 1000);
  }

  @Test
  void everythingThatChangesTheStatesIsPartOfTheKey() {
    CachedPromptEncoder cache = new CachedPromptEncoder(inner, 1 << 22);
    List<Prompt> prompts =
        List.of(
            new Prompt("a", "b", "c", "d", 0, LongPrompt.CUT),
            new Prompt("x", "b", "c", "d", 0, LongPrompt.CUT),
            new Prompt("a", "x", "c", "d", 0, LongPrompt.CUT),
            new Prompt("a", "b", "x", "d", 0, LongPrompt.CUT),
            new Prompt("a", "b", "c", "x", 0, LongPrompt.CUT),
            new Prompt("a", "b", "c", "d", 1, LongPrompt.CUT),
            new Prompt("a", "b", "c", "d", 0, LongPrompt.CHUNK));
    prompts.forEach(prompt -> cache.encode(prompt, List.of()));
    assertThat(cache.misses()).isEqualTo(7);

    Prompt prompt = prompts.get(0);
    cache.encode(prompt, List.of(adapter("p", 1)));
    cache.encode(prompt, List.of(adapter("q", 1)));
    cache.encode(prompt, List.of(adapter("p", 0.5)));
    cache.encode(prompt, List.of(adapter("p", 1), adapter("q", 1)));
    assertThat(cache.misses()).isEqualTo(11);
    cache.encode(prompt, List.of(adapter("p", 1)));
    assertThat(cache.misses()).isEqualTo(11);
  }

  @Test
  void adaptersWithoutTextsOrScaleChangeNothing() {
    CachedPromptEncoder cache = new CachedPromptEncoder(inner, 1 << 20);
    Prompt prompt = Prompt.of("a cat", "");
    cache.encode(prompt, List.of());
    cache.encode(prompt, List.of(new TextAdapter("p", List.of(Map.of()), 1)));
    cache.encode(prompt, List.of(adapter("p", 0)));
    assertThat(cache.misses()).isEqualTo(1);
  }

  @Test
  void staysWithinItsBytes() {
    long bound = 5 * (NUMBERS + 1000);
    CachedPromptEncoder cache = new CachedPromptEncoder(inner, bound);
    for (int i = 0; i < 200; i++) {
      cache.encode(Prompt.of("cat " + i, ""), List.of());
      assertThat(cache.bytes()).isLessThanOrEqualTo(bound);
    }
    assertThat(cache.bytes()).isGreaterThan(NUMBERS);
    assertThat(cache.misses()).isEqualTo(200);
  }

  @Test
  void textsCountAndWhatIsLargerThanTheBoundIsNotKept() {
    CachedPromptEncoder cache = new CachedPromptEncoder(inner, NUMBERS + 2000);
    cache.encode(Prompt.of("x".repeat(2000), ""), List.of());
    assertThat(cache.bytes()).isZero();
    cache.encode(Prompt.of("x", ""), List.of());
    assertThat(cache.bytes()).isPositive();

    CachedPromptEncoder none = new CachedPromptEncoder(inner, 0);
    none.encode(Prompt.of("x", ""), List.of());
    none.encode(Prompt.of("x", ""), List.of());
    assertThat(none.bytes()).isZero();
    assertThat(none.misses()).isEqualTo(2);
  }

  @Test
  void requestsAtTheSameTimeEncodeOnce() throws Exception {
    CachedPromptEncoder cache = new CachedPromptEncoder(inner, 1 << 20);
    inner.gate = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      Callable<Conditioning> request = () -> cache.encode(Prompt.of("a cat", ""), List.of());
      List<Future<Conditioning>> requests = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        requests.add(threads.submit(request));
      }
      while (cache.hits() < 3) {
        Thread.onSpinWait();
      }
      inner.gate.countDown();
      Conditioning made = requests.get(0).get();
      for (Future<Conditioning> other : requests) {
        assertThat(other.get()).isSameAs(made);
      }
      assertThat(inner.encoded).hasSize(1);
      assertThat(cache.misses()).isEqualTo(1);
    } finally {
      threads.shutdownNow();
      assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void otherPromptsDoNotWait() throws Exception {
    CachedPromptEncoder cache = new CachedPromptEncoder(inner, 1 << 20);
    cache.encode(Prompt.of("a dog", ""), List.of());
    inner.gate = new CountDownLatch(1);
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<Conditioning> slow =
          thread.submit(() -> cache.encode(Prompt.of("a cat", ""), List.of()));
      while (cache.misses() < 2) {
        Thread.onSpinWait();
      }
      assertThat(cache.encode(Prompt.of("a dog", ""), List.of())).isNotNull();
      assertThat(slow.isDone()).isFalse();
      inner.gate.countDown();
      assertThat(slow.get()).isNotNull();
    } finally {
      thread.shutdownNow();
    }
  }

  @Test
  void aFailureReachesTheRequestAndIsNotKept() {
    CachedPromptEncoder cache = new CachedPromptEncoder(inner, 1 << 20);
    inner.failure = new EngineException("no such layer");
    assertThatThrownBy(() -> cache.encode(Prompt.of("a cat", ""), List.of()))
        .isSameAs(inner.failure);
    inner.failure = null;
    assertThat(cache.encode(Prompt.of("a cat", ""), List.of())).isNotNull();
    assertThat(cache.misses()).isEqualTo(2);
  }

  private static TextAdapter adapter(String identity, double scale) {
    return new TextAdapter(identity, List.of(Map.of("encoder.layers.0.mlp.fc1", PAIR)), scale);
  }
}
