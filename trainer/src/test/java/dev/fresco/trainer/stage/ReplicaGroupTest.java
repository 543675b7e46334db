package dev.fresco.trainer.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.trainer.link.LinkIdentity;
import dev.fresco.trainer.link.LinkSettings;
import dev.fresco.trainer.link.TcpStageLinks;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReplicaGroupTest {
  private static final int REPLICAS = 3;
  private final List<TcpStageLinks> links = new ArrayList<>();

  @BeforeEach
  void connect() {
    Map<Integer, InetSocketAddress> addresses = new HashMap<>();
    for (int replica = 0; replica < REPLICAS; replica++) {
      links.add(
          TcpStageLinks.open(
              new LinkIdentity("sums", 0, 0, replica, "secret"), LinkSettings.loopback()));
      addresses.put(replica, links.get(replica).address());
    }
    links.forEach(one -> one.connect(addresses));
  }

  @AfterEach
  void close() {
    links.forEach(TcpStageLinks::close);
  }

  private CompletableFuture<float[]> addUp(int replica, int partSize, float... gradients) {
    ReplicaGroup group = new ReplicaGroup(replica, REPLICAS, partSize, links.get(replica));
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            group.addUp(4, 2, gradients);
            return gradients;
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        },
        task -> new Thread(task).start());
  }

  @Test
  void allHaveTheSameBitsInTheOrderOfReplicas() {
    float large = 1e8f;
    List<CompletableFuture<float[]>> sums =
        List.of(
            addUp(0, 3, 1, large, 2, 3, 4, 5, large),
            addUp(1, 3, 10, -large, 20, 30, 40, 50, 1),
            addUp(2, 3, 100, 1, 200, 300, 400, 500, -large));

    // In another order, the ones would be lost in the large numbers, or not.
    float[] wanted = {111, 1, 222, 333, 444, 555, large + 1 - large};
    assertThat(sums).allSatisfy(sum -> assertThat(sum.join()).containsExactly(wanted));
    assertThat(links.get(1).drainSamples()).hasSize(3);
  }

  @Test
  void replicasOfOtherSizesAreNamed() {
    CompletableFuture<float[]> first = addUp(0, 3, 1, 2);
    addUp(1, 3, 1, 2);
    addUp(2, 3, 1);

    assertThatThrownBy(first::join)
        .isInstanceOf(CompletionException.class)
        .hasMessageContaining("replica 2 has 1 gradients in part 0 of piece 2, the first 2");
  }
}
