package dev.fresco.planning.straggler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LevelChangeTest {
  private static final int BURST = 5;

  /** After 30 blocks at 0, these, in hundredths; the change is where they begin. */
  private static LevelChange change(String hundredths, double noise) {
    BlockHistory history = new BlockHistory();
    String[] newest = hundredths.split(" ");
    for (int i = 0; i < 30 + newest.length; i++) {
      double log = i < 30 ? 0 : Double.parseDouble(newest[i - 30]) / 100;
      history.add(new Block(Instant.ofEpochSecond(i), log));
    }
    return new LevelChange(history, newest.length, BURST, noise);
  }

  @ParameterizedTest
  @CsvSource({
    "20 20 20 20 20 20 20,     true",
    "8 20 20 20 20 20 20,      true",
    "90 90 90 90 90 0 0,       false",
    "20 20 90 90 90 90 90,     false",
    "0 0 90 90 90 90 90,       false",
    "90 90 90 90 90 20 20,     false",
    "90 90 90 90 90 60 60,     true",
    "20 20 20 20 20 20 5,      false",
    "-20 -20 -20 -20 -20 -20 -20, true",
  })
  void lastsIfNoBurstExplainsIt(String hundredths, boolean lasts) {
    assertThat(change(hundredths, .02).lasts(0)).isEqualTo(lasts);
  }

  @ParameterizedTest
  @CsvSource({
    "0,   .02, true",
    "0,   .09, true",
    "0,   .10, false",
    ".2,  .02, true",
    ".2,  .05, false",
    ".05, .09, false",
  })
  void isClearOfChance(double common, double noise, boolean clear) {
    assertThat(change("20 20 20 20 20 20 20", noise).isClear(0, common)).isEqualTo(clear);
  }

  @ParameterizedTest
  @CsvSource({
    "20, 0,   .02, true",
    "20, .15, .02, false",
    "9,  0,   .02, false",
    "20, 0,   .2,  false",
    "-20, 0,  .02, false",
  })
  void isARiseAboveTheBlocksBefore(int hundredths, double peers, double noise, boolean rise) {
    String newest = (hundredths + " ").repeat(7).trim();
    assertThat(change(newest, noise).isRise(peers)).isEqualTo(rise);
  }

  @ParameterizedTest
  @CsvSource({"8 20 20 20 20 20 20, 30, .2", "20 20 20 20 20 90 90, 30, .2"})
  void knowsItsBeginAndItsSteadyLevel(String hundredths, long second, double level) {
    assertThat(change(hundredths, .02).begin()).isEqualTo(Instant.ofEpochSecond(second));
    assertThat(change(hundredths, .02).steadyLevel()).isEqualTo(level);
  }
}
