package dev.fresco.planning.straggler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How a detector did on synthetic traces. */
public final class DetectionScore {
  /** A delay is found, and healing seen, within so many iterations. */
  static final double IN_TIME = 5;

  /** From when to when a detector held a place for slow. */
  private record Alarm(double begin, double end) {
    boolean holds(double position) {
      return position >= begin && position < end;
    }
  }

  long iterations;
  long samples;
  int alarms;
  int rightAlarms;
  int delays;
  int delaysInTime;
  int heals;
  int healsInTime;
  int wrongEnds;
  int sizes;
  final List<Double> lags = new ArrayList<>();
  final List<Double> healLags = new ArrayList<>();
  final List<Double> sizeErrors = new ArrayList<>();

  /** Shows a trace to a detector. */
  public void add(SyntheticTrace trace, StragglerDetector detector) {
    Map<SyntheticTrack, List<Alarm>> seen = new HashMap<>();
    trace.tracks.forEach(track -> seen.put(track, new ArrayList<>()));
    for (int i = 0; i < trace.scenario.iterations; i++) {
      for (SyntheticTrace.Heard heard : trace.iteration(i)) {
        samples++;
        for (Degradation told : detector.observe(heard.sample())) {
          SyntheticTrack track = trace.track(told.place(), told.kind());
          note(told, track, heard.position(), seen.get(track));
        }
      }
    }
    iterations += trace.scenario.iterations;
    seen.forEach((track, ofTrack) -> judge(trace, track, ofTrack));
  }

  /** Adds what another has seen. */
  public void add(DetectionScore other) {
    iterations += other.iterations;
    samples += other.samples;
    alarms += other.alarms;
    rightAlarms += other.rightAlarms;
    delays += other.delays;
    delaysInTime += other.delaysInTime;
    heals += other.heals;
    healsInTime += other.healsInTime;
    wrongEnds += other.wrongEnds;
    sizes += other.sizes;
    lags.addAll(other.lags);
    healLags.addAll(other.healLags);
    sizeErrors.addAll(other.sizeErrors);
  }

  private void note(Degradation told, SyntheticTrack track, double position, List<Alarm> seen) {
    Alarm last = seen.isEmpty() ? null : seen.get(seen.size() - 1);
    boolean open = last != null && last.end() == Double.POSITIVE_INFINITY;
    if (told.isOver()) {
      seen.set(seen.size() - 1, new Alarm(last.begin(), position));
    } else if (!open) {
      seen.add(new Alarm(position, Double.POSITIVE_INFINITY));
      track.slow.stream()
          .filter(one -> one.isRequired() && one.holds(position))
          .forEach(one -> sizeErrors.add(Math.abs(told.delayMillis() / one.millis() - 1)));
    } else {
      sizes++;
    }
  }

  private void judge(SyntheticTrace trace, SyntheticTrack track, List<Alarm> seen) {
    for (Alarm alarm : seen) {
      alarms++;
      rightAlarms += isSlow(track, alarm.begin(), .05) ? 1 : 0;
      wrongEnds += isSlow(track, alarm.end(), .15) ? 1 : 0;
    }
    for (SlowStretch one : track.slow) {
      if (one.isRequired()) {
        judgeBegin(one, seen);
      }
      boolean heals = track.slow.stream().noneMatch(next -> next.begin() == one.end());
      if (heals && one.end() + IN_TIME < trace.scenario.iterations) {
        judgeEnd(one, seen);
      }
    }
  }

  private static boolean isSlow(SyntheticTrack track, double position, double share) {
    return track.slow.stream()
        .anyMatch(one -> one.holds(position) && one.millis() >= share * track.baseMillis);
  }

  private void judgeBegin(SlowStretch slow, List<Alarm> seen) {
    delays++;
    if (seen.stream().anyMatch(alarm -> alarm.holds(slow.begin()))) {
      delaysInTime++;
      return;
    }
    double lag =
        seen.stream()
            .mapToDouble(alarm -> alarm.begin() - slow.begin())
            .filter(after -> after >= 0 && after <= slow.end() - slow.begin())
            .min()
            .orElse(Double.POSITIVE_INFINITY);
    lags.add(lag);
    delaysInTime += lag <= IN_TIME ? 1 : 0;
  }

  private void judgeEnd(SlowStretch slow, List<Alarm> seen) {
    for (Alarm alarm : seen) {
      if (alarm.holds(slow.end())) {
        heals++;
        healLags.add(alarm.end() - slow.end());
        healsInTime += alarm.end() - slow.end() <= IN_TIME ? 1 : 0;
      }
    }
  }

  public double recall() {
    return delaysInTime / (double) delays;
  }

  public double precision() {
    return rightAlarms / (double) alarms;
  }

  public double healRecall() {
    return healsInTime / (double) heals;
  }

  public int falseAlarms() {
    return alarms - rightAlarms;
  }

  /** Of iterations from a delay's begin to its alarm, a share from 0 to 1; not a number if none. */
  public double lag(double share) {
    return quantile(lags, share);
  }

  /** The same from its end. */
  public double healLag(double share) {
    return quantile(healLags, share);
  }

  /** By how much of its true size a delay was told wrongly at first. */
  public double sizeError(double share) {
    return quantile(sizeErrors, share);
  }

  private static double quantile(List<Double> values, double share) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return sorted.length == 0 ? Double.NaN : sorted[(int) Math.round(share * (sorted.length - 1))];
  }

  /** False alarms in 10,000 iterations. */
  public double falseAlarmRate() {
    return 1e4 * falseAlarms() / iterations;
  }

  public int delays() {
    return delays;
  }

  public long iterations() {
    return iterations;
  }

  @Override
  public String toString() {
    return "recall %.4f of %d, precision %.4f of %d, %.3f false alarms in 10,000 iterations"
        .formatted(recall(), delays, precision(), alarms, falseAlarmRate());
  }
}
