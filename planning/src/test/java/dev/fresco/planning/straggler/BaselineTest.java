package dev.fresco.planning.straggler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class BaselineTest {
  /** The first 12 of 32 blocks are twice as slow. */
  @Test
  void aSlowBeginningDoesNotShow() {
    Random random = new Random(3);
    double[] logs = new double[32];
    for (int i = 0; i < logs.length; i++) {
      logs[i] = 2 + .05 * random.nextGaussian() + (i < 12 ? Math.log(2) : 0);
    }
    Baseline baseline = Baseline.of(logs);
    assertThat(baseline.level()).isCloseTo(2, within(.1));
    assertThat(baseline.noise()).isBetween(.03, .08);
  }

  @Test
  void withoutNoiseThereIsTheLeast() {
    assertThat(Baseline.of(new double[] {1, 1, 1, 1})).isEqualTo(new Baseline(1, .005));
  }

  @Test
  void followsADriftAndItsNoise() {
    Random random = new Random(4);
    Baseline baseline = new Baseline(0, .2);
    double before = 0;
    for (int i = 0; i < 5_000; i++) {
      double log = 1e-4 * i + .05 * random.nextGaussian();
      baseline = baseline.stepped(log - before).following(log);
      before = log;
    }
    assertThat(baseline.level()).isCloseTo(.5 - 512e-4, within(.02));
    assertThat(baseline.noise()).isCloseTo(.05, within(.01));
  }

  /** Four blocks, ten times as slow, move it by less than a hundredth. */
  @Test
  void aBurstHardlyMovesIt() {
    Baseline baseline = new Baseline(0, .05);
    for (int i = 0; i < 4; i++) {
      baseline = baseline.stepped(Math.log(10)).following(Math.log(10));
    }
    assertThat(baseline.level()).isBetween(0., .01);
    assertThat(baseline.noise()).isBetween(.05, .06);
  }
}
