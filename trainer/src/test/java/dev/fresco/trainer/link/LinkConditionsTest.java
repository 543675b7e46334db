package dev.fresco.trainer.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.trainer.link.DelayTrace.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinkConditionsTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"-5, 0", "1.9, 0", "2, 30", "3.999, 30", "4, 0", "7.5, 12.5", "1e9, 12.5"})
  void aDelayHoldsUntilTheNext(double seconds, double millis) throws IOException {
    Path file = Files.writeString(folder.resolve("trace"), "# a link\n2,30\n\n4 , 0\n7.25, 12.5\n");
    assertThat(DelayTrace.read(file).delayMillisAt(seconds)).isEqualTo(millis);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1,2;3 | line 2: '3' has 1 fields",
        "1,2;3,4,5 | line 2: '3,4,5' has 3 fields",
        "1,2;x,4 | line 2",
        "1,-2 | line 1: delayMillis is -2.0",
        "-1,2 | line 1: seconds is -1.0",
        "NaN,2 | line 1: seconds is NaN",
        "1,2;1,3 | point 1 is at 1.0 s; it must be after",
        "# | the number of points is 0"
      })
  void whatIsNoTraceNamesFileAndLine(String lines, String reason) throws IOException {
    Path file = Files.writeString(folder.resolve("trace"), lines.replace(';', '\n'));
    assertThatThrownBy(() -> DelayTrace.read(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(reason);
  }

  @Test
  void aTraceIsReplayedFromItsStart() {
    Instant start = Instant.parse("2026-01-01T00:00:00Z");
    LinkConditions conditions =
        LinkConditions.replaying(
            new DelayTrace(List.of(new Point(0, 5), new Point(10.5, 8))), start);
    assertThat(conditions.delayMillisAt(start.minusMillis(1))).isZero();
    assertThat(conditions.delayMillisAt(start)).isEqualTo(5);
    assertThat(conditions.delayMillisAt(start.plusMillis(10_499))).isEqualTo(5);
    assertThat(conditions.delayMillisAt(start.plusMillis(10_500))).isEqualTo(8);
  }

  @Test
  void aMeanIsOverTime() {
    DelayTrace trace =
        new DelayTrace(List.of(new Point(1, 30), new Point(2, 10), new Point(5, 99)));
    assertThat(trace.meanMillis()).isEqualTo(15);
    assertThat(trace.times(2).meanMillis()).isEqualTo(30);
    assertThat(DelayTrace.constant(7).meanMillis()).isEqualTo(7);
  }

  @Test
  void messagesShareTheBandwidthButNotTheDelay() throws InterruptedException {
    ManualClock clock = new ManualClock();
    LinkEmulation link = new LinkEmulation(clock);
    link.conditions(LinkConditions.delayed(Duration.ofMillis(50)).withBytesPerSecond(10_000));
    for (int i = 0; i < 3; i++) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  link.pass(100);
                } catch (InterruptedException e) {
                  // The test is over.
                }
              });
      thread.setDaemon(true);
      thread.start();
    }
    assertThat(clock.awaitSleeps(3)).containsExactlyInAnyOrder(60L, 70L, 80L);
    clock.advance(100);
    link.conditions(LinkConditions.HEALTHY);
    link.pass(1_000_000);
    assertThat(clock.nanos()).isEqualTo(100_000_000);
  }

  @Test
  void aBandwidthIsOverZero() {
    assertThatThrownBy(() -> LinkConditions.HEALTHY.withBytesPerSecond(0))
        .hasMessageContaining("bytesPerSecond is 0.0");
  }
}
