package dev.fresco.trainer.link;

import dev.fresco.contracts.Require;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * How patient a stage's links are.
 *
 * @param listen where the others connect to; port 0 for any that is free
 * @param takeLimit for how long a message may be waited for
 * @param replyLimit for how long the other side may take to answer a handshake or a message that is
 *     completely written
 * @param tries of one message, at least 1
 * @param firstPause before the third try (the second follows at once, as another delegate's
 *     connection may be whole); each later pause is twice as long
 * @param longestPause between two tries
 * @param mostFrameBytes of a message with all its headers; larger ones are neither sent nor taken
 */
public record LinkSettings(
    InetSocketAddress listen,
    Duration takeLimit,
    Duration replyLimit,
    int tries,
    Duration firstPause,
    Duration longestPause,
    int mostFrameBytes) {
  public LinkSettings {
    Require.present("listen", listen);
    requirePositive("takeLimit", takeLimit);
    requirePositive("replyLimit", replyLimit);
    Require.atLeast("tries", tries, 1);
    requirePositive("firstPause", firstPause);
    requirePositive("longestPause", longestPause);
    Require.atLeast("mostFrameBytes", mostFrameBytes, FrameCodec.LEAST_BYTES);
  }

  /**
   * On the loopback interface: two minutes for a message to come, ten seconds for a reply, ten
   * tries within about seven seconds, frames of at most 256 MiB.
   */
  public static LinkSettings loopback() {
    return new LinkSettings(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        Duration.ofMinutes(2),
        Duration.ofSeconds(10),
        10,
        Duration.ofMillis(50),
        Duration.ofSeconds(2),
        256 << 20);
  }

  public LinkSettings withListen(InetSocketAddress address) {
    return new LinkSettings(
        address, takeLimit, replyLimit, tries, firstPause, longestPause, mostFrameBytes);
  }

  public LinkSettings withTakeLimit(Duration limit) {
    return new LinkSettings(
        listen, limit, replyLimit, tries, firstPause, longestPause, mostFrameBytes);
  }

  public LinkSettings withReplyLimit(Duration limit) {
    return new LinkSettings(
        listen, takeLimit, limit, tries, firstPause, longestPause, mostFrameBytes);
  }

  public LinkSettings withTries(int most, Duration pause, Duration longest) {
    return new LinkSettings(listen, takeLimit, replyLimit, most, pause, longest, mostFrameBytes);
  }

  public LinkSettings withMostFrameBytes(int bytes) {
    return new LinkSettings(listen, takeLimit, replyLimit, tries, firstPause, longestPause, bytes);
  }

  /** How long to wait before a message's next try, after so many that failed. */
  Duration pauseAfter(int failures) {
    if (failures < 2) {
      return Duration.ZERO;
    }
    Duration pause = firstPause;
    for (int i = 2; i < failures && pause.compareTo(longestPause) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(longestPause) < 0 ? pause : longestPause;
  }

  private static void requirePositive(String field, Duration value) {
    Require.present(field, value);
    if (value.isZero() || value.isNegative()) {
      throw new IllegalArgumentException(field + " is " + value + "; it must be positive");
    }
  }
}
