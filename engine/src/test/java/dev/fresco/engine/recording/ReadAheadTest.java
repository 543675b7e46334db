package dev.fresco.engine.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.recording.ReadAhead.Pace;
import dev.fresco.engine.recording.RecordedTensor.Type;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ReadAheadTest {
  private static final int BYTES = 1000;

  /** Three steps of four tensors, which remembers what was read. */
  private static final class Watched implements Recording {
    private final List<String> read = Collections.synchronizedList(new ArrayList<>());
    private final String broken;

    Watched(String broken) {
      this.broken = broken;
    }

    @Override
    public int steps() {
      return 3;
    }

    @Override
    public List<String> names() {
      return List.of("a", "b", "c", "d");
    }

    @Override
    public RecordedTensor tensor(int step, String name) {
      String place = step + name;
      if (place.equals(broken)) {
        throw new EngineException(place + " is damaged");
      }
      if (!read.contains(place)) {
        read.add(place);
      }
      return new RecordedTensor(
          name, Type.BF16, new long[] {1, BYTES / 2}, ByteBuffer.allocate(BYTES));
    }

    void awaitRead(int count) throws InterruptedException {
      while (read.size() < count) {
        Thread.sleep(1);
      }
    }
  }

  @Test
  void readsOnWhileTheRunComputesAndStopsWhenFarEnough() throws InterruptedException {
    Watched watched = new Watched(null);
    try (ReadAhead ahead = new ReadAhead(watched, step -> true, 2 * BYTES, Pace.real())) {
      assertThat(watched.read).isEmpty();
      assertThat(ahead.tensor(1, "a").name()).isEqualTo("a");
      watched.awaitRead(4);
      assertThat(watched.read).containsExactly("1a", "1b", "1c", "1d");
      ahead.tensor(1, "b");
      watched.awaitRead(5);
      assertThat(watched.read).endsWith("2a");
      for (String name : List.of("c", "d")) {
        ahead.tensor(1, name);
      }
      for (String name : watched.names()) {
        ahead.tensor(2, name);
      }
      assertThat(watched.read).hasSize(8).endsWith("2d");
    }
  }

  @Test
  void aTensorMayBeAskedForAgainAndSomeNever() {
    Watched watched = new Watched(null);
    try (ReadAhead ahead = new ReadAhead(watched, step -> true, BYTES, Pace.real())) {
      ahead.tensor(0, "a");
      ahead.tensor(0, "d");
      ahead.tensor(0, "b");
      assertThat(ahead.tensor(2, "d").data().remaining()).isEqualTo(BYTES);
    }
  }

  @Test
  void stepsThatNobodyWantsAreNotRead() throws InterruptedException {
    Watched watched = new Watched(null);
    try (ReadAhead ahead = new ReadAhead(watched, step -> step != 1, 3 * BYTES, Pace.real())) {
      assertThat(ahead.covers(0)).isTrue();
      watched.awaitRead(4);
      for (String name : watched.names()) {
        ahead.tensor(0, name);
      }
      watched.awaitRead(8);
      assertThat(watched.read).containsExactly("0a", "0b", "0c", "0d", "2a", "2b", "2c", "2d");
    }
  }

  @Test
  void whatCannotBeReadFailsWhoeverNeedsIt() {
    Watched watched = new Watched("1c");
    try (ReadAhead ahead = new ReadAhead(watched, step -> true, 100 * BYTES, Pace.real())) {
      assertThatThrownBy(
              () -> {
                ahead.tensor(0, "a");
                ahead.tensor(1, "d");
              })
          .isInstanceOf(EngineException.class)
          .hasMessage("1c is damaged");
    }
  }

  @Test
  void storageIsAsSlowAsItIsToSeem() {
    Watched watched = new Watched(null);
    long start = System.nanoTime();
    try (ReadAhead ahead =
        new ReadAhead(watched, step -> true, 100 * BYTES, new Pace(20 * BYTES, System::nanoTime))) {
      ahead.tensor(0, "a");
      ahead.tensor(0, "d");
    }
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(200_000_000L);
    assertThatThrownBy(() -> new Pace(0, System::nanoTime))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("storage bandwidth is 0.0");
  }
}
