package dev.fresco.gateway.view;

/** Names of what the gateway keeps in Redis. All of it can be rebuilt from Kafka. */
public final class RedisKeys {
  /** Channel on which the id of every job that changed is published. */
  public static final String CHANGED = "fresco:jobs:changed";

  /** Sorted set of the jobs that wait, by the time of their acceptance. */
  static final String QUEUE = "fresco:jobs:queue";

  private RedisKeys() {}

  static String view(String jobId) {
    return "fresco:job:" + jobId;
  }

  /** Stream of a job's events. */
  public static String events(String jobId) {
    return "fresco:job:" + jobId + ":events";
  }

  /** Sorted set of a tenant's jobs; ids begin with their time, so their own order is by age. */
  static String jobs(String tenant) {
    return "fresco:tenant:" + tenant + ":jobs";
  }

  public static String idempotency(String tenant, String key) {
    return "fresco:tenant:" + tenant + ":key:" + key;
  }

  /** Hash of the next offset of each partition; another Kafka cluster starts at its beginning. */
  static String offsets(String clusterId) {
    return "fresco:projection:" + clusterId;
  }
}
