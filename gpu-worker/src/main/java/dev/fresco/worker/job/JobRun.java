package dev.fresco.worker.job;

import dev.fresco.contracts.job.JobAssigned;
import dev.fresco.contracts.job.JobEvent.ImageResult;
import dev.fresco.contracts.job.JobEvent.JobExecution;
import dev.fresco.contracts.job.JobEvent.JobTimings;
import dev.fresco.contracts.job.JobRequest;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.PictureSettings;
import dev.fresco.planning.batching.MemberId;
import dev.fresco.planning.cost.StepWork;
import dev.fresco.worker.assignment.Position;
import dev.fresco.worker.edit.EditExecution;
import dev.fresco.worker.recording.Recordings.Fetch;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;

/**
 * A job that this worker has in hand, from its assignment to its one terminal event. Whoever {@link
 * #claimEnd claims its end} first says how it ends; everybody else lets go of it. The progress
 * fields belong to the denoising loop.
 */
public final class JobRun implements BatchRun {
  private final JobAssigned assigned;
  private final Position position;
  private final String workerId;
  private final AtomicBoolean ended = new AtomicBoolean();
  private final AtomicReferenceArray<ImageResult> results;
  private final Set<Integer> completed = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<Fetch> recordingFetch = new CompletableFuture<>();

  private volatile String denseBecause;

  private volatile PreparedJob prepared;
  private volatile String recordingId;
  private volatile int stepsPerPicture;
  private volatile Instant firstStep;
  private volatile Instant lastStep;
  private volatile int stepsDone;
  private volatile int stepsTaken;
  private volatile long batchSizes;

  /**
   * @param workerId this worker's, which may not be the one that the router chose
   */
  public JobRun(JobAssigned assigned, Position position, String workerId) {
    this.assigned = assigned;
    this.position = position;
    this.workerId = workerId;
    this.results = new AtomicReferenceArray<>(assigned.request().count());
    this.stepsPerPicture = assigned.request().stepsPerPicture();
  }

  @Override
  public String jobId() {
    return assigned.jobId();
  }

  public String workerId() {
    return workerId;
  }

  public JobRequest request() {
    return assigned.request();
  }

  public Position position() {
    return position;
  }

  /** Whether both stand for one record: its partition was lost and regained. */
  public boolean isRecordOf(JobRun other) {
    return position.equals(other.position);
  }

  @Override
  public List<MemberId> members() {
    return IntStream.range(0, request().count())
        .mapToObj(image -> new MemberId(jobId(), image))
        .toList();
  }

  public PictureSettings settings(int image) {
    JobRequest request = request();
    return new PictureSettings(
        request.width(),
        request.height(),
        request.steps(),
        request.guidanceScale(),
        request.sampler(),
        request.seed() + image);
  }

  @Override
  public long load() {
    return prepared.rows() * (long) request().width() * request().height();
  }

  @Override
  public StepWork worked(int pictures) {
    EditExecution edit = prepared.edit();
    int inFull = edit == null ? pictures : Math.min(pictures, edit.newStepsInFull());
    int masked = ratio() < 1 ? pictures - inFull : 0;
    return new StepWork((pictures - masked + masked * ratio()) * load(), masked * (double) load());
  }

  /** True for the one caller that may end this job. */
  public boolean claimEnd() {
    return ended.compareAndSet(false, true);
  }

  @Override
  public boolean hasEnded() {
    return ended.get();
  }

  /** Everything is there; it is {@link #release released} when the job leaves the loop. */
  public void prepared(PreparedJob made) {
    prepared = made;
  }

  @Override
  public PictureRequest picture(int image) {
    return prepared.picture(settings(image));
  }

  /** What the engine needs of it; null until it is {@link #prepared prepared}. */
  public PreparedJob prepared() {
    return prepared;
  }

  /** What there is to tell the caller about the request. */
  public List<String> warnings() {
    return prepared == null ? List.of() : prepared.warnings();
  }

  @Override
  public void release() {
    prepared.close();
  }

  /** An edit does not use a recording, for a reason that is known when it comes. */
  public void runsDense(String because) {
    denseBecause = because;
  }

  /** Why an edit was not to use a recording when it came, or null. */
  public String denseBecause() {
    return denseBecause;
  }

  /** Id of the recording that an edit could use, or that the job makes. */
  public void recordingId(String id) {
    recordingId = id;
  }

  /** What comes of looking for the recording that an edit could use, when it is known. */
  public CompletableFuture<Fetch> recordingFetch() {
    return recordingFetch;
  }

  /** Share of each picture that is computed, as far as is known. */
  public double ratio() {
    PreparedJob ready = prepared;
    return ready == null || ready.edit() == null ? 1 : ready.edit().ratio();
  }

  @Override
  public void counted(int steps) {
    stepsPerPicture = steps;
  }

  @Override
  public int stepsPerPicture() {
    return stepsPerPicture;
  }

  /** Steps of all pictures together. */
  public int stepsTotal() {
    return stepsPerPicture * request().count();
  }

  /** Whether a picture of this job has taken a step. */
  public boolean hasStarted() {
    return firstStep != null;
  }

  /** The first picture joins the batch. */
  public void started(Instant now) {
    firstStep = now;
  }

  /** Pictures of this job took a step in a batch of this size. */
  public void stepped(int pictures, int batchSize, Instant now) {
    stepsDone += pictures;
    stepsTaken += pictures;
    batchSizes += (long) pictures * batchSize;
    lastStep = now;
  }

  public int stepsDone() {
    return stepsDone;
  }

  /** A picture has all its steps. */
  public void completed(int image) {
    completed.add(image);
  }

  /**
   * A picture failed.
   *
   * @return the pictures that run again, from their first step and dense; none if the job fails
   */
  public List<MemberId> again(Exception reason) {
    PreparedJob ready = prepared;
    if (hasEnded() || ready.edit() == null || !ready.edit().runsAgainDense(reason)) {
      return List.of();
    }
    stepsDone = completed.size() * stepsPerPicture;
    return members().stream().filter(member -> !completed.contains(member.image())).toList();
  }

  /**
   * A picture is stored.
   *
   * @return whether it was the last one that was missing
   */
  public boolean stored(ImageResult result) {
    results.set(result.index(), result);
    return storedCount() == results.length();
  }

  /** Pictures that are stored. */
  public int storedCount() {
    return (int)
        IntStream.range(0, results.length()).filter(image -> results.get(image) != null).count();
  }

  public List<ImageResult> results() {
    return IntStream.range(0, results.length()).mapToObj(results::get).toList();
  }

  public JobTimings timings(Instant end) {
    Instant first = firstStep == null ? end : firstStep;
    Instant last = lastStep == null ? end : lastStep;
    return new JobTimings(
        millis(assigned.createdAt(), assigned.assignedAt()),
        millis(assigned.assignedAt(), first),
        millis(first, last),
        millis(last, end));
  }

  private static long millis(Instant from, Instant to) {
    return Math.max(0, Duration.between(from, to).toMillis());
  }

  public JobExecution execution() {
    double mean = stepsTaken == 0 ? 0 : (double) batchSizes / stepsTaken;
    PreparedJob ready = prepared;
    return switch (request().kind()) {
      case TEXT_TO_IMAGE, IMAGE_TO_IMAGE -> new JobExecution(workerId, mean, JobExecution.DENSE);
      case EDIT ->
          ready == null
              ? new JobExecution(workerId, mean, JobExecution.MASKED)
              : ready.edit().told(workerId, mean);
      case RECORDING ->
          new JobExecution(workerId, mean, JobExecution.DENSE, null, recordingId, null);
    };
  }
}
