package dev.fresco.gateway.admission;

import dev.fresco.platform.store.ObjectStore;
import dev.fresco.platform.web.ProblemException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Keeps the pictures that come with requests, for those who work on them. They are stored before
 * their job is sent, so that no job lacks them; what a process leaves behind that dies in between
 * goes with the pictures of other jobs when it is as old as they.
 */
@Component
class JobInputs {
  private static final Logger log = LoggerFactory.getLogger(JobInputs.class);
  private static final Duration TRY_AGAIN = Duration.ofSeconds(5);

  private final ObjectStore objects;

  JobInputs(ObjectStore objects) {
    this.objects = objects;
  }

  /**
   * @throws ProblemException 503 if not all of them could be stored
   */
  void store(List<JobInput> inputs) {
    try {
      for (JobInput input : inputs) {
        objects.put(input.objectKey(), input.bytes());
      }
    } catch (IOException e) {
      log.error("the pictures of a request could not be stored", e);
      discard(inputs);
      throw ProblemException.unavailable(
          "the pictures of the request could not be stored; the call may be repeated", TRY_AGAIN);
    }
  }

  /** Removes the pictures of a job that is not sent. */
  void discard(List<JobInput> inputs) {
    for (JobInput input : inputs) {
      try {
        objects.delete(input.objectKey());
      } catch (IOException e) {
        log.warn("{} is left to its expiry", input.objectKey(), e);
      }
    }
  }
}
