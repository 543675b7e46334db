package dev.fresco.planning.straggler;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * A training run as its samples tell it, all of it from a seed.
 *
 * <p>Stages of 10 to 40 ms a pass (the step) and links of 5 to 50 % of that, 3 microbatches a
 * stage. Noise of 5 to 20 % a pass, drifts of single places of up to 4 %, in a third of the traces
 * one of the whole machine of 10 to 40 %, slow or sudden; bursts; some samples lost, late or twice.
 */
public final class SyntheticTrace {
  public enum Scenario {
    /** Nothing is slow. */
    QUIET(400, "quiet"),
    /** Some places are slow by 20 to 200 % of a step, alone or at once, and heal. */
    DELAYS(400, "delays"),
    /** The same, with one sample an iteration, the mean of its passes. */
    MEANS(600, "means of iterations"),
    /** An hour of links whose delays have a median, mean and p99 of 13, 22 and 79 ms. */
    HOUR(2700, "an hour");

    final int iterations;
    private final String words;

    Scenario(int iterations, String words) {
      this.iterations = iterations;
      this.words = words;
    }

    /** For a table. */
    public String words() {
      return words;
    }

    /** Of twenty traces one is an hour, and three are of means. */
    public static Scenario ofTurn(int turn) {
      int of20 = turn % 20;
      return of20 < 1 ? HOUR : of20 < 4 ? MEANS : DELAYS;
    }
  }

  /** A sample, and where in the trace it is heard of, in iterations. */
  record Heard(Sample sample, SyntheticTrack track, double position) {}

  private static final Instant START = Instant.parse("2025-01-01T00:00:00Z");

  /** From here on places may be slow: before it a detector gets to know them. */
  private static final int FIRST_CHANGE = 60;

  final Scenario scenario;
  private final long seed;
  final int samplesPerIteration;
  final List<SyntheticTrack> tracks = new ArrayList<>();
  final double noise;
  final double stepMillis;
  private final Random random;
  private final int stages;
  private final int microbatches;
  private final boolean skewed;
  private final double machineShare;
  private final double machineBegin;
  private final double machineLength;

  public SyntheticTrace(Scenario scenario, long seed) {
    this.scenario = scenario;
    this.seed = seed;
    random = new Random(seed * 0x9E3779B97F4A7C15L + scenario.ordinal());
    stages = scenario == Scenario.DELAYS && random.nextInt(5) == 0 ? 8 : 4;
    microbatches = 3 * stages;
    samplesPerIteration = scenario == Scenario.MEANS ? 1 : microbatches;
    noise = .05 + .15 * random.nextDouble();
    stepMillis = 10 + 30 * random.nextDouble();
    skewed = random.nextBoolean();
    machineShare = random.nextInt(3) == 0 ? .1 + .3 * random.nextDouble() : 0;
    machineBegin = FIRST_CHANGE + scenario.iterations * .5 * random.nextDouble();
    machineLength = random.nextInt(4) == 0 ? 0 : 60 + 200 * random.nextDouble();
    for (int i = 0; i < stages; i++) {
      add("stage " + i, OperationKind.FORWARD, .8, 1.2);
      add("stage " + i, OperationKind.BACKWARD, .8, 1.2);
      if (i + 1 < stages) {
        add("link " + i, OperationKind.SEND_ACTIVATION, .05, .5);
        add("link " + i, OperationKind.SEND_GRADIENT, .05, .5);
      }
    }
    if (scenario != Scenario.QUIET) {
      slowSome();
    }
    for (SyntheticTrack track : tracks) {
      track.addBursts(scenario.iterations, samplesPerIteration, random);
    }
  }

  private void add(String place, OperationKind kind, double least, double most) {
    tracks.add(new SyntheticTrack(place, kind, stepMillis * between(least, most), random));
  }

  /** A new one; for every other seed it has to find the iterations first. */
  public StragglerDetector detector() {
    return samplesPerIteration > 1 && seed % 2 == 1
        ? StragglerDetector.findingIterations()
        : StragglerDetector.of(samplesPerIteration);
  }

  SyntheticTrack track(String place, OperationKind kind) {
    return tracks.stream()
        .filter(track -> track.place.equals(place) && track.kind == kind)
        .findFirst()
        .orElseThrow();
  }

  private double between(double least, double most) {
    return least + (most - least) * random.nextDouble();
  }

  /** One to three places, and of no kind more than half are slow. */
  private void slowSome() {
    int places = 1 + random.nextInt(3);
    boolean together = random.nextBoolean();
    double common = between(FIRST_CHANGE, FIRST_CHANGE + 60);
    List<SyntheticTrack> chosen = new ArrayList<>();
    while (chosen.size() < places) {
      SyntheticTrack track = tracks.get(random.nextInt(tracks.size()));
      long ofKind = chosen.stream().filter(one -> one.kind == track.kind).count();
      boolean fits = track.isLink() || scenario != Scenario.HOUR;
      if (fits && !chosen.contains(track) && ofKind < 2) {
        chosen.add(track);
      }
    }
    for (SyntheticTrack track : chosen) {
      slow(track, together ? common : between(FIRST_CHANGE, FIRST_CHANGE + 60));
    }
  }

  private void slow(SyntheticTrack track, double first) {
    double jitter = random.nextInt(3) == 0 ? .33 : 0;
    double begin = onSample(first);
    while (begin < scenario.iterations) {
      double end = onSample(begin + between(20, 80));
      double millis = scenario == Scenario.HOUR ? hourDelay() : delay(track);
      boolean required = millis >= .2 * stepMillis && begin + 5 < scenario.iterations;
      track.slow.add(new SlowStretch(begin, end, millis, jitter, required));
      // In an hour, one delay may follow another.
      begin =
          scenario == Scenario.HOUR && random.nextInt(3) == 0
              ? end
              : onSample(end + between(25, 80));
    }
  }

  private double onSample(double position) {
    return Math.floor(position * samplesPerIteration) / samplesPerIteration;
  }

  /** From 20 % to 200 % of a step, small ones as often as large ones. */
  private double delay(SyntheticTrack track) {
    double step = track.isLink() ? stepMillis : Math.max(stepMillis, track.baseMillis);
    return step * .2 * Math.pow(10, random.nextDouble());
  }

  /** Log-normal, cut off: of median 13 ms, p99 79 ms, and a mean of 22 ms. */
  private double hourDelay() {
    return Math.min(79, 13 * Math.exp(1.2 * random.nextGaussian()));
  }

  /** All samples of an iteration, in the order in which they are heard of. */
  List<Heard> iteration(int iteration) {
    List<Heard> heard = new ArrayList<>();
    for (SyntheticTrack track : tracks) {
      for (int i = 0; i < samplesPerIteration; i++) {
        double position = iteration + i / (double) samplesPerIteration;
        double millis = samplesPerIteration == 1 ? mean(track, position) : pass(track, position);
        Instant at = START.plusNanos((long) (1e6 * beginMillis(iteration, i)));
        double done = position + 1. / samplesPerIteration;
        double hearing = random.nextInt(100) == 0 ? between(done, iteration + 1) : done;
        Sample sample = new Sample(track.place, track.kind, at, millis);
        if (random.nextInt(100) != 0) {
          heard.add(new Heard(sample, track, hearing));
        }
        if (random.nextInt(100) == 0) {
          heard.add(new Heard(sample, track, between(hearing, iteration + 1)));
        }
      }
    }
    heard.sort(Comparator.comparingDouble(Heard::position));
    return heard;
  }

  /** Warm-up is twice as dense as what follows; a gap parts the iterations. */
  private double beginMillis(int iteration, int microbatch) {
    double inSteps =
        samplesPerIteration == 1
            ? 0
            : Math.min(microbatch, stages) + 2 * Math.max(0, microbatch - stages);
    double iterationSteps = 2 * microbatches + 2 * stages;
    double wobble = .2 * random.nextDouble();
    return stepMillis * (iteration * iterationSteps + inSteps + wobble);
  }

  private double pass(SyntheticTrack track, double position) {
    double factor =
        skewed
            ? Math.exp(noise * random.nextGaussian() - noise * noise / 2)
            : Math.max(.1, 1 + noise * random.nextGaussian());
    return factor * track.millis(position, machine(position)) + track.delay(position, random);
  }

  private double mean(SyntheticTrack track, double iteration) {
    double sum = 0;
    for (int i = 0; i < microbatches; i++) {
      sum += pass(track, iteration);
    }
    return sum / microbatches;
  }

  private double machine(double position) {
    double share =
        machineLength == 0
            ? (position < machineBegin ? 0 : 1)
            : Math.max(0, Math.min(1, (position - machineBegin) / machineLength));
    return 1 + machineShare * share;
  }
}
