package dev.fresco.trainer.link;

import dev.fresco.engine.HostTensor;
import java.util.List;
import java.util.Map;

/**
 * A stage's connections to the others of its replica. One thread sends and takes at a time; the
 * other methods may be called from any.
 */
public interface StageLinks extends AutoCloseable {
  /**
   * Sends a message. On a blocking link this returns when the message has arrived, so a slow link
   * holds up whatever its sender would compute next (head-of-line blocking). On a link with
   * delegates it returns once the message is copied and queued.
   *
   * @throws LinkException if the message, or with delegates an earlier one on this link, could not
   *     be delivered in as many tries as are allowed; from then on the links are of no use
   */
  void send(int toStage, Message message) throws InterruptedException;

  /**
   * Waits for a message and takes it out.
   *
   * @throws LinkException if it does not come within the time limit, or if any of the stage's links
   *     has failed meanwhile
   */
  HostTensor take(MessageKey key) throws InterruptedException;

  /**
   * How many delegates each outgoing link has for each kind of message, from the next message on; 0
   * for a blocking link. Links that are not named stay as they are. At first all are blocking.
   */
  void delegate(Map<Integer, Integer> delegatesByStage);

  /** Emulated conditions of an outgoing link from the next transfer on, for experiments. */
  void conditions(int toStage, LinkConditions conditions);

  /**
   * Times of transfers since the last call, oldest first; if nobody asks, only the latest are kept.
   */
  List<LinkSample> drainSamples();

  /** Gives up what is queued; waiting calls end with a {@link LinkException}. */
  @Override
  void close();
}
