package dev.fresco.benchmarks.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fresco.benchmarks.mask.MaskRatios;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class LoadRunTest {
  private static final EditWorkload WORKLOAD =
      new EditWorkload(64, 2, 5, 3, MaskRatios.named("production"), 4);

  /** Paints one at a time, for so long. */
  private static class OneByOne implements EditServer {
    private static final long MILLIS = 50;
    private final List<Edit> painted = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void prepare(List<byte[]> pictures) {}

    @Override
    public synchronized byte[] edit(Edit edit) throws InterruptedException {
      Thread.sleep(MILLIS);
      painted.add(edit);
      return new byte[0];
    }

    @Override
    public void close() {}
  }

  @Test
  void whoComesWhileTheServerIsBusyWaits() throws Exception {
    OneByOne server = new OneByOne();
    List<Edit> edits = WORKLOAD.draw(6, Double.POSITIVE_INFINITY);
    LoadRun run = LoadRun.of(server, edits);
    assertThat(server.painted).containsExactlyInAnyOrderElementsOf(edits);
    double[] seconds = run.latencies(0).seconds();
    for (int i = 0; i < seconds.length; i++) {
      assertThat(seconds[i]).isGreaterThanOrEqualTo((i + 1) * .05);
    }
    assertThat(run.perSecond()).isBetween(1., 20.);
    assertThat(run.latencies(4).seconds()).hasSize(2);
  }

  @Test
  void anEditThatGetsNoPictureEndsTheRun() {
    OneByOne fails =
        new OneByOne() {
          @Override
          public synchronized byte[] edit(Edit edit) throws InterruptedException {
            throw new IllegalStateException("no more");
          }
        };
    assertThatThrownBy(() -> LoadRun.of(fails, WORKLOAD.draw(2, 100)))
        .isInstanceOf(ServingException.class)
        .hasMessageContaining("no more");
  }

  @Test
  void editsAreTheSameForEveryServer() throws IOException {
    List<Edit> edits = WORKLOAD.draw(400, 2);
    assertThat(edits.get(399).atSeconds()).isCloseTo(200, within(25.));
    assertThat(edits).extracting(Edit::template).containsOnly(0, 1, 2);
    double mean = edits.stream().mapToDouble(Edit::ratio).average().orElseThrow();
    assertThat(mean).isCloseTo(.112, within(.012));
    assertThat(WORKLOAD.draw(400, 2).get(399).mask()).isEqualTo(edits.get(399).mask());
    assertThat(WORKLOAD.pictures()).hasSize(3).doesNotHaveDuplicates();
    assertThat(ImageIO.read(new ByteArrayInputStream(WORKLOAD.pictures().get(0))).getWidth())
        .isEqualTo(64);
  }
}
