package dev.fresco.worker.config;

import dev.fresco.engine.DiffusionModel;
import dev.fresco.planning.batching.BatchLimits;
import dev.fresco.platform.event.EventCodec;
import dev.fresco.platform.event.EventPublisher;
import dev.fresco.platform.health.Liveness;
import dev.fresco.platform.store.ObjectStore;
import dev.fresco.worker.assignment.AssignedPartitions;
import dev.fresco.worker.assignment.Conclusions;
import dev.fresco.worker.finish.Finishing;
import dev.fresco.worker.finish.ResultStore;
import dev.fresco.worker.flow.JobAssignedFlow;
import dev.fresco.worker.flow.JobCancelRequestedFlow;
import dev.fresco.worker.flow.PartitionsFlow;
import dev.fresco.worker.health.EngineHealth;
import dev.fresco.worker.job.CancelledJobs;
import dev.fresco.worker.job.JobsInHand;
import dev.fresco.worker.loop.DenoisingLoop;
import dev.fresco.worker.loop.LoopLifecycle;
import dev.fresco.worker.loop.LoopMeters;
import dev.fresco.worker.loop.LoopOutcomes;
import dev.fresco.worker.loop.WarmUp;
import dev.fresco.worker.prepare.EditJobs;
import dev.fresco.worker.prepare.Encoding;
import dev.fresco.worker.prepare.Fetching;
import dev.fresco.worker.prepare.Intake;
import dev.fresco.worker.prepare.JobPreparation;
import dev.fresco.worker.progress.Progress;
import dev.fresco.worker.recording.Recordings;
import dev.fresco.worker.source.SourceFetch;
import dev.fresco.worker.status.StatusReports;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Puts a worker together, from the way in to the way out. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
@EnableConfigurationProperties(WorkerSettings.class)
@Import({KafkaConfiguration.class, SourceConfiguration.class, EditConfiguration.class})
public class WorkerConfiguration {

  @Bean
  JobsInHand jobsInHand(MeterRegistry meters) {
    JobsInHand jobs = new JobsInHand();
    meters.gauge("fresco.worker.jobs.in.hand", jobs, all -> all.all().size());
    return jobs;
  }

  @Bean
  CancelledJobs cancelledJobs() {
    return new CancelledJobs();
  }

  @Bean
  EngineHealth engineHealth() {
    return new EngineHealth();
  }

  @Bean
  Conclusions conclusions(
      AssignedPartitions partitions,
      JobsInHand jobs,
      EngineHealth engine,
      MeterRegistry meters,
      Clock clock) {
    return new Conclusions(partitions, jobs, engine, meters, clock);
  }

  @Bean
  ResultStore resultStore(ObjectStore objects, EventCodec codec) {
    return new ResultStore(objects, codec);
  }

  @Bean
  Progress progress(DiffusionModel model, ResultStore results, EventPublisher events, Clock clock) {
    return new Progress(model, results, events, clock);
  }

  @Bean
  Finishing finishing(
      DiffusionModel model,
      ResultStore results,
      Recordings recordings,
      Conclusions conclusions,
      Clock clock,
      MeterRegistry meters) {
    return new Finishing(model, results, recordings, conclusions, clock, meters);
  }

  @Bean
  LoopMeters loopMeters(MeterRegistry meters) {
    return new LoopMeters(meters);
  }

  @Bean
  LoopOutcomes loopOutcomes(
      Progress progress,
      Finishing finishing,
      Conclusions conclusions,
      EngineHealth engine,
      Clock clock) {
    return new LoopOutcomes(progress, finishing, conclusions, engine, clock);
  }

  @Bean
  DenoisingLoop denoisingLoop(
      JobsInHand jobs,
      DiffusionModel model,
      LoopOutcomes outcomes,
      LoopMeters meters,
      WorkerSettings settings,
      Clock clock) {
    BatchLimits limits = new BatchLimits(settings.slots(), settings.batching());
    return new DenoisingLoop(jobs, model.newBatch(), outcomes, meters, limits, clock);
  }

  @Bean
  Encoding encoding(
      JobPreparation plain,
      EditJobs edits,
      DenoisingLoop loop,
      Finishing finishing,
      Conclusions conclusions,
      MeterRegistry meters) {
    return new Encoding(plain, edits, loop, finishing, conclusions, meters);
  }

  @Bean
  JobPreparation jobPreparation(DiffusionModel model) {
    return new JobPreparation(model);
  }

  @Bean
  Fetching fetching(
      SourceFetch sources,
      Encoding encoding,
      Conclusions conclusions,
      WorkerSettings settings,
      Clock clock,
      MeterRegistry meters) {
    return new Fetching(sources, encoding, conclusions, settings.adapterWait(), clock, meters);
  }

  @Bean
  PartitionsFlow partitionsFlow(
      AssignedPartitions partitions, DenoisingLoop loop, Liveness liveness) {
    return new PartitionsFlow(partitions, loop, liveness);
  }

  @Bean
  Intake intake(
      DiffusionModel model,
      CancelledJobs cancelled,
      EditJobs edits,
      Fetching fetching,
      Conclusions conclusions,
      Clock clock) {
    return new Intake(model, cancelled, edits, fetching, conclusions, clock);
  }

  @Bean
  JobAssignedFlow jobAssignedFlow(
      EventCodec codec,
      AssignedPartitions partitions,
      JobsInHand jobs,
      Intake intake,
      WorkerSettings settings,
      Clock clock) {
    return new JobAssignedFlow(codec, partitions, jobs, intake, settings.id(), clock);
  }

  @Bean
  JobCancelRequestedFlow jobCancelRequestedFlow(
      EventCodec codec, CancelledJobs cancelled, DenoisingLoop loop) {
    return new JobCancelRequestedFlow(codec, cancelled, loop);
  }

  @Bean
  StatusReports statusReports(
      WorkerSettings settings,
      DiffusionModel model,
      StatusReports.Work work,
      EventPublisher events,
      Clock clock) {
    return new StatusReports(settings, model.card(), work, events, clock);
  }

  @Bean
  StatusReports.Work reportedWork(
      DenoisingLoop loop,
      LoopMeters meters,
      JobsInHand jobs,
      AssignedPartitions partitions,
      Recordings recordings) {
    return new StatusReports.Work(loop, meters, jobs, partitions, recordings);
  }

  @Bean
  WarmUp warmUp(
      DiffusionModel model, LoopMeters meters, WorkerSettings worker, EditSettings edits) {
    Path folder = edits.recordingFolder().resolve(worker.id() + "-warm-up");
    return new WarmUp(model, meters, folder, worker.warmUp());
  }

  @Bean
  LoopLifecycle loopLifecycle(
      WarmUp warmUp,
      DenoisingLoop loop,
      StatusReports status,
      WorkerSettings settings,
      Liveness liveness,
      EngineHealth engine,
      KafkaListenerEndpointRegistry listeners) {
    return new LoopLifecycle(warmUp, loop, status, settings.grace(), liveness, engine, listeners);
  }
}
