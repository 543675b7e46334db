package dev.fresco.worker.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.contracts.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeasedCacheTest {
  private final LeasedCache<String, Thing> cache = new LeasedCache<>(100, "the.knob");
  private final List<Thing> opened = new ArrayList<>();

  /** Something that knows whether it is open. */
  private static final class Thing implements AutoCloseable {
    private volatile boolean open = true;

    @Override
    public void close() {
      assertThat(open).as("closed once").isTrue();
      open = false;
    }
  }

  private Lease<Thing> take(String key, long bytes) {
    return cache.take(
        key,
        bytes,
        () -> {
          Thing thing = new Thing();
          opened.add(thing);
          return thing;
        });
  }

  @Test
  void whatIsOpenIsFound() {
    Lease<Thing> first = take("a", 40);
    Lease<Thing> second = take("a", 40);
    assertThat(second.value()).isSameAs(first.value());
    assertThat(cache.used()).isEqualTo(40);
    first.close();
    first.close();
    second.close();
    assertThat(take("a", 40).value()).as("kept though nobody used it").isSameAs(first.value());
  }

  @Test
  void theLeastRecentlyUsedGoesFirst() {
    take("a", 40).close();
    take("b", 40).close();
    take("a", 40).close();
    Lease<Thing> c = take("c", 40);
    assertThat(opened).extracting(thing -> thing.open).containsExactly(true, false, true);
    assertThat(cache.used()).isEqualTo(80);
    assertThat(c.value().open).isTrue();
  }

  @Test
  void whatIsInUseStaysAndLeavesNoRoom() {
    Lease<Thing> used = take("a", 70);
    assertThatThrownBy(() -> take("b", 40))
        .isInstanceOf(NoRoomException.class)
        .hasMessage("it takes 40 bytes; of 100 (the.knob) 70 are in use")
        .extracting(e -> ((SourceException) e).code())
        .isEqualTo(ErrorCode.ADAPTER_UNUSABLE);
    assertThat(used.value().open).isTrue();
    used.close();
    assertThat(take("b", 40).value().open).isTrue();
    assertThat(used.value().open).isFalse();
  }

  /** Nobody need wait for room that there will never be. */
  @Test
  void whatIsLargerThanTheLimitIsNotASearchForRoom() {
    assertThatThrownBy(() -> take("a", 101)).isExactlyInstanceOf(SourceException.class);
    assertThatThrownBy(() -> cache.requireFits("all takes", 101))
        .isExactlyInstanceOf(SourceException.class)
        .hasMessage("all takes 101 bytes; of 100 (the.knob) 0 are in use");
    cache.requireFits("all takes", 100);
  }

  @Test
  void whatNobodyUsesIsClosedWhenItsPlaceIsWantedElsewhere() {
    Lease<Thing> used = take("a", 40);
    take("b", 40).close();
    cache.closeIdle();
    assertThat(opened).extracting(thing -> thing.open).containsExactly(true, false);
    assertThat(cache.used()).isEqualTo(40);
    assertThat(used.value().open).isTrue();
  }

  @Test
  void whatCannotBeOpenedTakesNoRoomAndMayBeTriedAgain() {
    SourceException gone = new SourceException(ErrorCode.ADAPTER_NOT_FOUND, "gone");
    assertThatThrownBy(
            () ->
                cache.take(
                    "a",
                    100,
                    () -> {
                      throw gone;
                    }))
        .isSameAs(gone);
    assertThat(cache.used()).isZero();
    assertThat(take("a", 100).value().open).isTrue();
  }

  /** Whoever asks while another opens waits for him, and fails as he does. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatSeveralAskForAtOnceIsOpenedOnce(boolean fails) throws Exception {
    CountDownLatch opening = new CountDownLatch(1);
    CountDownLatch mayOpen = new CountDownLatch(1);
    FutureTask<Lease<Thing>> first =
        new FutureTask<>(
            () ->
                cache.take(
                    "slow",
                    10,
                    () -> {
                      opening.countDown();
                      await(mayOpen);
                      if (fails) {
                        throw new SourceException(ErrorCode.ADAPTER_NOT_FOUND, "gone");
                      }
                      return new Thing();
                    }));
    FutureTask<Lease<Thing>> second = new FutureTask<>(() -> take("slow", 10));
    new Thread(first).start();
    opening.await();
    Thread waiting = new Thread(second);
    waiting.start();
    while (waiting.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    mayOpen.countDown();
    if (fails) {
      assertThatThrownBy(first::get).hasRootCauseMessage("gone");
      assertThatThrownBy(second::get)
          .hasRootCauseMessage("gone")
          .cause()
          .isInstanceOf(SourceException.class);
    } else {
      assertThat(second.get().value()).isSameAs(first.get().value());
    }
    assertThat(opened).isEmpty();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aSharedLeaseEndsByItself() {
    Lease<Thing> lease = take("a", 70);
    Lease<Thing> shared = lease.shared();
    lease.close();
    assertThatThrownBy(() -> take("b", 40)).isInstanceOf(NoRoomException.class);
    shared.close();
    assertThat(take("b", 40).value().open).isTrue();
    assertThat(shared.value().open).isFalse();
  }

  @Test
  void closingWaitsForTheLastUser() {
    Lease<Thing> used = take("a", 40);
    Lease<Thing> unused = take("b", 40);
    unused.close();
    cache.close();
    assertThat(unused.value().open).isFalse();
    assertThat(used.value().open).isTrue();
    assertThatThrownBy(() -> take("c", 1)).isInstanceOf(IllegalStateException.class);
    used.close();
    assertThat(used.value().open).isFalse();
    assertThat(cache.used()).isZero();
    assertThat(cache.size()).isZero();
  }

  /** Whatever is taken and let go of by several at once, in whatever order. */
  @Test
  void manyUsersNeverSeeAClosedThingNorPassTheLimit() {
    List<CompletableFuture<Void>> users =
        IntStream.range(0, 4)
            .mapToObj(seed -> CompletableFuture.runAsync(() -> use(new Random(seed))))
            .toList();
    users.forEach(CompletableFuture::join);
    assertThat(cache.used()).isLessThanOrEqualTo(100);
    cache.close();
    assertThat(cache.used()).isZero();
  }

  private void use(Random random) {
    List<Lease<Thing>> held = new ArrayList<>();
    for (int n = 0; n < 5_000; n++) {
      if (held.size() < 3 && random.nextBoolean()) {
        int thing = random.nextInt(12);
        try {
          held.add(cache.take("t" + thing, 5 + thing, Thing::new));
        } catch (SourceException noRoom) {
          assertThat(noRoom).hasMessageContaining("are in use");
        }
      } else if (!held.isEmpty()) {
        held.remove(random.nextInt(held.size())).close();
      }
      assertThat(held).allMatch(lease -> lease.value().open);
      assertThat(cache.used()).isLessThanOrEqualTo(100);
    }
    held.forEach(Lease::close);
  }
}
