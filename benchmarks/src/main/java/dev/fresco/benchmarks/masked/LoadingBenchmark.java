package dev.fresco.benchmarks.masked;

import dev.fresco.benchmarks.engine.StepTimes;
import dev.fresco.engine.recording.ReadAhead;
import dev.fresco.engine.recording.ReadAhead.Pace;
import dev.fresco.engine.recording.RecordedTensor;
import dev.fresco.engine.recording.Recording;
import java.util.List;

/**
 * How a step of an edit loads what it needs of a recording from storage of a given bandwidth:
 * everything before the step begins, or ahead of the layer that needs it while others compute; and
 * without any loading, as the limit.
 */
final class LoadingBenchmark {
  private LoadingBenchmark() {}

  /** The order in which loading and computing take place. */
  enum Way {
    IDEAL("without loading"),
    OVERLAPPED("layer by layer, ahead"),
    SEQUENTIAL("whole steps, then computing");

    private final String words;

    Way(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  /** The times of one way. */
  record Timed(Way way, StepTimes times) {}

  /**
   * A recording as one of the ways reads it. Closing it ends the reading.
   *
   * @param bytesPerSecond of the storage
   */
  static Recording of(Recording recording, Way way, double bytesPerSecond) {
    return switch (way) {
      case IDEAL -> recording;
      case OVERLAPPED ->
          new ReadAhead(
              recording,
              step -> true,
              stepBytes(recording),
              new Pace(bytesPerSecond, System::nanoTime));
      case SEQUENTIAL -> new WholeSteps(recording, bytesPerSecond);
    };
  }

  /** What a step has in a recording. */
  static long stepBytes(Recording recording) {
    return recording.names().stream()
        .mapToLong(name -> recording.tensor(0, name).data().remaining())
        .sum();
  }

  /** Lets whoever asks for the first tensor of a step wait for all of them. */
  private static final class WholeSteps implements Recording {
    private final Recording recording;
    private final double bytesPerSecond;
    private int loaded = -1;

    WholeSteps(Recording recording, double bytesPerSecond) {
      this.recording = recording;
      this.bytesPerSecond = bytesPerSecond;
    }

    @Override
    public int steps() {
      return recording.steps();
    }

    @Override
    public List<String> names() {
      return recording.names();
    }

    @Override
    public RecordedTensor tensor(int step, String name) {
      if (step != loaded) {
        sleep((long) (stepBytes(recording) / bytesPerSecond * 1e9));
        loaded = step;
      }
      return recording.tensor(step, name);
    }

    private static void sleep(long nanoseconds) {
      try {
        Thread.sleep(nanoseconds / 1_000_000, (int) (nanoseconds % 1_000_000));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
