package dev.fresco.trainer.stage;

import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.trainer.data.TrainingData;
import dev.fresco.trainer.link.LinkIdentity;
import dev.fresco.trainer.link.LinkSettings;
import dev.fresco.trainer.link.TcpStageLinks;
import dev.fresco.trainer.spec.TrainingSpec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/** A stage that the others can connect to. Belongs to one thread. */
final class OpenStage implements AutoCloseable {
  private final StagePlace place;
  private final TrainingSpec spec;
  private final TrainingData data;
  private final KernelLibrary kernels;
  private final TcpStageLinks links;
  private final TcpStageLinks replicaLinks;

  private OpenStage(int attempt, StagePlace place, StageCommand.Open command) {
    this.place = place;
    this.spec = command.spec();
    this.data = TrainingData.of(spec);
    LinkSettings settings = LinkSettings.loopback().withTakeLimit(command.takeLimit());
    String job = command.job();
    String token = command.token();
    this.links =
        TcpStageLinks.open(
            new LinkIdentity(job, place.replica(), attempt, place.stage(), token), settings);
    // In this group the stage is what is the same, and the replica what tells members apart.
    this.replicaLinks =
        TcpStageLinks.open(
            new LinkIdentity(job + "/replicas", place.stage(), attempt, place.replica(), token),
            settings);
    this.kernels = KernelLibrary.on("cpu");
  }

  /**
   * Opens a stage.
   *
   * @throws IllegalArgumentException if the data does not fit the model
   * @throws dev.fresco.trainer.link.LinkException if it cannot listen
   */
  static OpenStage of(int attempt, StagePlace place, StageCommand.Open command) {
    return new OpenStage(attempt, place, command);
  }

  StageAnswer.Opened answer() {
    return new StageAnswer.Opened(links.address().getPort(), replicaLinks.address().getPort());
  }

  /** Lets it take up its weights; what comes back ends before this. */
  ConnectedStage connect(StageCommand.Connect command) {
    links.connect(addresses(command.stagePorts()));
    replicaLinks.connect(addresses(command.replicaPorts()));
    StagePieces pieces =
        command.checkpoint() == null
            ? StagePieces.draw(kernels, spec, place.stage())
            : StagePieces.load(kernels, spec, place.stage(), Path.of(command.checkpoint()));
    ReplicaGroup replicas =
        new ReplicaGroup(place.replica(), spec.pipeline().replicas(), replicaLinks);
    return new ConnectedStage(place, spec, data, pieces, links, replicas);
  }

  private static Map<Integer, InetSocketAddress> addresses(Map<Integer, Integer> ports) {
    return ports.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                port -> new InetSocketAddress(InetAddress.getLoopbackAddress(), port.getValue())));
  }

  @Override
  public void close() {
    links.close();
    replicaLinks.close();
    kernels.close();
  }
}
