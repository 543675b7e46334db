package dev.fresco.benchmarks.engine;

import dev.fresco.benchmarks.peer.DiffusersPeer;
import dev.fresco.benchmarks.peer.PeerPictures;
import dev.fresco.benchmarks.peer.PeerVariant;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.kernel.ComputeType;
import java.util.Optional;
import java.util.stream.LongStream;

/** diffusers on the same weights, prompt and noise. It owns the peer. */
final class PeerContestant implements Contestant {
  private final DiffusersPeer peer;
  private final PeerVariant variant;
  private final Workload workload;
  private final PeerPictures.Prompt prompt;
  private final PeerPictures.Size latents;

  PeerContestant(
      DiffusersPeer peer,
      PeerVariant variant,
      Workload workload,
      PeerPictures.Prompt prompt,
      PeerPictures.Size latents) {
    this.peer = peer;
    this.variant = variant;
    this.workload = workload;
    this.prompt = prompt;
    this.latents = latents;
  }

  @Override
  public String name() {
    return variant.label();
  }

  @Override
  public ComputeType format() {
    return variant.format();
  }

  @Override
  public void begin(int pictures) {
    peer.begin(
        new PeerPictures(
            LongStream.range(0, pictures).boxed().toList(),
            latents,
            new PeerPictures.Size(workload.size(), workload.size()),
            workload.allSteps(),
            Workload.GUIDANCE,
            prompt));
  }

  @Override
  public Turn turn(int steps) {
    Optional<Long> faults = process().pageFaults();
    long[] times = peer.steps(steps);
    Optional<Long> fresh =
        faults.flatMap(before -> process().pageFaults().map(after -> after - before));
    return new Turn(times, fresh, Optional.empty());
  }

  @Override
  public HostTensor latents(int picture) {
    return peer.latents(picture);
  }

  @Override
  public ProcessFigures process() {
    return ProcessFigures.of(peer.processId());
  }

  @Override
  public void close() {
    peer.close();
  }
}
