package dev.fresco.engine.recording;

import dev.fresco.engine.EngineException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;

/**
 * Reads a recording for one run before the run asks, on a thread of its own, so that storage works
 * while the network does.
 *
 * <p>Goal: a run waits for storage only where storage is the slower of the two. Constraints: the
 * run asks in the order of the recording, from some step on, and may leave out steps; no more than
 * so many bytes are read that it has not asked for. Algorithm: the thread goes through the tensors
 * in the run's order and stops when it is that far ahead; who asks for a tensor that it has not
 * come to waits.
 *
 * <p>Example: with 10 tensors of 1 MiB a step and 4 MiB ahead, the thread reads the first four
 * while the first layer computes, and one more for each that the run takes.
 */
public final class ReadAhead implements Recording, AutoCloseable {
  /** Sleeping takes a little too long each time, which a storage that is busy does not. */
  private static final long MOST_LATE = 20_000_000;

  private final Recording recording;
  private final List<String> names;
  private final Map<String, Integer> places = new HashMap<>();
  private final IntPredicate wanted;
  private final long ahead;
  private final Pace pace;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread reader;

  /** Tensors that are read, counted over all steps; everything before the first step is. */
  private long read = -1;

  /** Tensors that were asked for. */
  private long asked = -1;

  private long bytesAhead;
  private RuntimeException failure;
  private boolean closed;

  /**
   * How fast storage seems to be.
   *
   * @param bytesPerSecond over 0; infinite for as fast as it is
   */
  public record Pace(double bytesPerSecond, LongSupplier nanoTime) {
    public Pace {
      if (!(bytesPerSecond > 0)) {
        throw new EngineException(
            "storage bandwidth is " + bytesPerSecond + " bytes/s; it must be over 0");
      }
    }

    /** As fast as it is. */
    public static Pace real() {
      return new Pace(Double.POSITIVE_INFINITY, System::nanoTime);
    }
  }

  /**
   * @param recording stays the caller's
   * @param wanted steps that the run is to ask for; others are not read
   * @param ahead bytes that may be read before they are asked for; one tensor always may
   */
  public ReadAhead(Recording recording, IntPredicate wanted, long ahead, Pace pace) {
    this.recording = recording;
    this.names = recording.names();
    for (String name : names) {
      places.put(name, places.size());
    }
    this.wanted = wanted;
    this.ahead = ahead;
    this.pace = pace;
    this.reader = new Thread(this::readAll, "recording-read-ahead");
    reader.setDaemon(true);
  }

  @Override
  public int steps() {
    return recording.steps();
  }

  @Override
  public List<String> names() {
    return names;
  }

  /** Also begins to read, if this is the run's first step. */
  @Override
  public boolean covers(int step) {
    boolean covered = recording.covers(step);
    lock.lock();
    try {
      begin((long) step * names.size());
    } finally {
      lock.unlock();
    }
    return covered;
  }

  /**
   * Waits for the tensor. The first call says where the run begins.
   *
   * @throws RuntimeException as the recording's own reading throws
   */
  @Override
  public RecordedTensor tensor(int step, String name) {
    long place = (long) step * names.size() + places.getOrDefault(name, 0);
    lock.lock();
    try {
      begin((long) step * names.size());
      take(place);
      while (read <= place && failure == null && !closed) {
        changed.awaitUninterruptibly();
      }
      if (failure != null) {
        throw failure;
      }
    } finally {
      lock.unlock();
    }
    return recording.tensor(step, name);
  }

  private void begin(long first) {
    if (read < 0) {
      read = first;
      asked = first;
      reader.start();
    }
  }

  private void take(long place) {
    for (; asked <= place; asked++) {
      if (asked < read && isWanted(asked)) {
        bytesAhead -= bytes(asked);
      }
    }
    changed.signalAll();
  }

  private void readAll() {
    long last = (long) recording.steps() * names.size();
    long free = pace.nanoTime().getAsLong();
    for (long next = awaitRoom(); next >= 0 && next < last; next = awaitRoom()) {
      try {
        long bytes = isWanted(next) ? bytes(next) : 0;
        free = Math.max(free, pace.nanoTime().getAsLong() - MOST_LATE) + nanoseconds(bytes);
        sleepUntil(free);
        publish(next, bytes);
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        fail(e);
        return;
      }
    }
  }

  /** The next tensor to read, or -1 if the run is over. */
  private long awaitRoom() {
    lock.lock();
    try {
      while (bytesAhead > ahead && !closed) {
        changed.awaitUninterruptibly();
      }
      return closed ? -1 : read;
    } finally {
      lock.unlock();
    }
  }

  /** Reading a tensor brings it into memory and checks it. */
  private long bytes(long place) {
    int step = (int) (place / names.size());
    return recording.tensor(step, names.get((int) (place % names.size()))).data().remaining();
  }

  private boolean isWanted(long place) {
    return wanted.test((int) (place / names.size()));
  }

  private long nanoseconds(long bytes) {
    return (long) (bytes / pace.bytesPerSecond() * 1e9);
  }

  private void sleepUntil(long nanoTime) throws InterruptedException {
    long left = nanoTime - pace.nanoTime().getAsLong();
    if (left > 0) {
      Thread.sleep(left / 1_000_000, (int) (left % 1_000_000));
    }
  }

  private void publish(long place, long bytes) {
    lock.lock();
    try {
      read = place + 1;
      if (place >= asked) {
        bytesAhead += bytes;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void fail(RuntimeException e) {
    lock.lock();
    try {
      failure = e;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the reading; the recording stays open. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    reader.interrupt();
  }
}
