package dev.fresco.engine.text;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.fresco.engine.Conditioning;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.TextStates;
import dev.fresco.engine.kernel.NativeFailure;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * Keeps what an encoder made of prompts, by everything that determines it, within a bound of bytes.
 * Of requests for one prompt at the same time, one encodes and the others wait for it; a failure
 * goes to all of them and is not kept.
 */
public final class CachedPromptEncoder implements PromptEncoder {
  /** Of an entry beside its numbers and texts, about. */
  private static final int ENTRY_BYTES = 512;

  private final PromptEncoder encoder;
  private final Cache<Key, Conditioning> kept;
  private final Map<Key, CompletableFuture<Conditioning>> running = new ConcurrentHashMap<>();
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();

  /**
   * @param maxBytes of all that is kept; 0 keeps nothing
   */
  public CachedPromptEncoder(PromptEncoder encoder, long maxBytes) {
    this.encoder = encoder;
    this.kept =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher((Key key, Conditioning conditioning) -> bytes(key, conditioning))
            .executor(Runnable::run)
            .build();
  }

  /** All that the states depend on. */
  private record Key(Prompt prompt, List<Use> adapters) {

    static Key of(Prompt prompt, List<TextAdapter> adapters) {
      Prompt written =
          new Prompt(
              prompt.text(),
              prompt.negative(),
              prompt.secondOrText(),
              prompt.secondNegativeOrNegative(),
              prompt.clipSkip(),
              prompt.longPrompt());
      return new Key(
          written,
          adapters.stream()
              .filter(TextAdapter::changesTexts)
              .map(adapter -> new Use(adapter.identity(), adapter.scale()))
              .toList());
    }

    private record Use(Object identity, double scale) {}
  }

  @Override
  public Conditioning encode(Prompt prompt, List<TextAdapter> adapters) {
    Key key = Key.of(prompt, adapters);
    Conditioning found = kept.getIfPresent(key);
    if (found != null) {
      hits.increment();
      return found;
    }
    CompletableFuture<Conditioning> mine = new CompletableFuture<>();
    CompletableFuture<Conditioning> others = running.putIfAbsent(key, mine);
    if (others != null) {
      hits.increment();
      return await(others);
    }
    try {
      mine.complete(encodeOrFind(key, adapters));
    } catch (RuntimeException | Error failure) {
      mine.completeExceptionally(failure);
    } finally {
      running.remove(key);
    }
    return await(mine);
  }

  /** Looks again: what ran may have ended since. It is kept before it stops being one that runs. */
  private Conditioning encodeOrFind(Key key, List<TextAdapter> adapters) {
    Conditioning found = kept.getIfPresent(key);
    if (found != null) {
      hits.increment();
      return found;
    }
    misses.increment();
    Conditioning made =
        NativeFailure.during("encoding a prompt", () -> encoder.encode(key.prompt(), adapters));
    kept.put(key, made);
    return made;
  }

  private static Conditioning await(CompletableFuture<Conditioning> encoding) {
    try {
      return encoding.join();
    } catch (CompletionException failure) {
      if (failure.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (failure.getCause() instanceof Error cause) {
        throw cause;
      }
      throw failure;
    }
  }

  /** Requests that found their prompt, or someone at work on it. */
  public long hits() {
    return hits.sum();
  }

  /** Requests that encoded. */
  public long misses() {
    return misses.sum();
  }

  /** Of all that is kept now. */
  public long bytes() {
    return kept.policy().eviction().orElseThrow().weightedSize().orElseThrow();
  }

  private static int bytes(Key key, Conditioning conditioning) {
    Prompt prompt = key.prompt();
    long letters =
        Stream.of(prompt.text(), prompt.negative(), prompt.second(), prompt.secondNegative())
            .mapToLong(String::length)
            .sum();
    long numbers =
        Stream.of(conditioning.positive(), conditioning.negative())
            .filter(Objects::nonNull)
            .mapToLong(CachedPromptEncoder::numbers)
            .sum();
    long bytes = ENTRY_BYTES + Character.BYTES * letters + Float.BYTES * numbers;
    return (int) Math.min(bytes, Integer.MAX_VALUE);
  }

  private static long numbers(TextStates states) {
    HostTensor pooled = states.pooled();
    return states.states().data().length + (pooled == null ? 0 : pooled.data().length);
  }
}
