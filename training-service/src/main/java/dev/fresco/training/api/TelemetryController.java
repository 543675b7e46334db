package dev.fresco.training.api;

import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.contracts.training.TrainingPlan;
import dev.fresco.platform.web.Tenant;
import dev.fresco.training.job.TrainingRegistry;
import dev.fresco.training.plan.TrainingPlans;
import dev.fresco.training.telemetry.TelemetryIntake;
import dev.fresco.training.telemetry.TelemetrySpec;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What external trainers post, and the plans that they get. */
@RestController
@RequestMapping("/v1/training-jobs/{id}")
class TelemetryController {
  private final TrainingRegistry registry;
  private final TelemetryIntake intake;
  private final TrainingPlans plans;

  TelemetryController(TrainingRegistry registry, TelemetryIntake intake, TrainingPlans plans) {
    this.registry = registry;
    this.intake = intake;
    this.plans = plans;
  }

  /**
   * What came of a telemetry request.
   *
   * @param accepted reports
   * @param state of the job; a trainer stops when it has ended
   * @param planNumber of the newest plan: a trainer fetches it if it has an older one
   */
  record Taken(int accepted, TrainingJob.State state, int planNumber) {}

  @PostMapping(path = "/telemetry", consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<Taken> telemetry(
      Tenant tenant, @PathVariable String id, @RequestBody TelemetrySpec spec) {
    TrainingJob job = registry.get(tenant, id);
    int accepted = intake.take(job, spec);
    return ResponseEntity.accepted().body(new Taken(accepted, job.state(), plans.numberOf(job)));
  }

  @GetMapping("/plan")
  ResponseEntity<TrainingPlan> plan(Tenant tenant, @PathVariable String id) {
    TrainingPlan plan = plans.of(registry.get(tenant, id));
    return ResponseEntity.ok().eTag("\"" + plan.number() + "\"").body(plan);
  }
}
