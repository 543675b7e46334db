package dev.fresco.gateway.config;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.contracts.job.JobEvent;
import dev.fresco.contracts.job.JobKind;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/** The gateway's own meters; every tag has a small, fixed set of values. */
@Component
public class GatewayMeters {

  /** The names, with what they count. */
  public enum Name {
    /** Jobs that were taken; tag {@code kind}. */
    JOBS_ACCEPTED("fresco.gateway.jobs.accepted"),
    /** Job requests that were not taken; tag {@code code} of the problem. */
    JOBS_REJECTED("fresco.gateway.jobs.rejected"),
    /** Endings that came in, counted again if Redis is filled again; tag {@code state}. */
    JOBS_ENDED("fresco.gateway.jobs.ended"),
    /** Events that came too late to change anything; tag {@code state} that they stood for. */
    EVENTS_IGNORED("fresco.gateway.events.ignored"),
    /** Event streams that are open now. */
    STREAMS_OPEN("fresco.gateway.streams.open");

    private final String meter;

    Name(String meter) {
      this.meter = meter;
    }

    public String meter() {
      return meter;
    }
  }

  private final MeterRegistry registry;

  GatewayMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  public void accepted(JobKind kind) {
    count(Name.JOBS_ACCEPTED, "kind", kind.wireName());
  }

  public void rejected(ErrorCode code) {
    count(Name.JOBS_REJECTED, "code", code.code());
  }

  /** An event changed a view. */
  public void happened(JobEvent event) {
    if (event.state().isTerminal()) {
      count(Name.JOBS_ENDED, "state", event.state().name());
    }
  }

  public void ignored(JobEvent event) {
    count(Name.EVENTS_IGNORED, "state", event.state().name());
  }

  /** Shows how many streams are open; {@code count} is asked whenever the meters are read. */
  public void openStreams(Supplier<Number> count) {
    Gauge.builder(Name.STREAMS_OPEN.meter(), count).register(registry);
  }

  private void count(Name name, String tag, String value) {
    registry.counter(name.meter(), tag, value).increment();
  }
}
