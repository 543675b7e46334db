package dev.fresco.gateway.view;

import com.github.f4b6a3.ulid.Ulid;
import com.github.f4b6a3.ulid.UlidFactory;
import java.time.Clock;
import java.time.Instant;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/** Makes ids of jobs: {@code job_} and a ULID, so that later ids are greater. */
@Component
public class JobIds {
  private static final String PREFIX = "job_";
  private static final Pattern FORM = Pattern.compile(PREFIX + "[0-7][0-9A-HJKMNP-TV-Z]{25}");

  private final UlidFactory ulids;

  JobIds(Clock clock, RandomGenerator randomness) {
    LongSupplier random = randomness::nextLong;
    this.ulids = UlidFactory.newMonotonicInstance(random, clock::millis);
  }

  public String next() {
    return PREFIX + ulids.create();
  }

  /** Not greater than any id made at {@code time} or later. */
  static String leastAt(Instant time) {
    return PREFIX + Ulid.min(time.toEpochMilli());
  }

  /** Whether {@code text} can be the id of a job. */
  public static boolean isJobId(String text) {
    return FORM.matcher(text).matches();
  }
}
