package dev.fresco.trainer.link;

import static dev.fresco.trainer.link.LinkPair.activation;
import static dev.fresco.trainer.link.LinkPair.gradient;
import static dev.fresco.trainer.link.LinkPair.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.engine.HostTensor;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TcpStageLinksTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(50);

  private final ManualClock clock = new ManualClock();

  @Test
  void messagesOfBothKindsArrive() throws InterruptedException {
    try (LinkPair links = new LinkPair(LinkPair.patience(LONG), LinkClock.SYSTEM)) {
      HostTensor tensor = HostTensor.of(new float[] {1, Float.NaN, -0f, 4, 5, 6}, 1, 2, 3);
      links.first.send(1, new Message(activation(0), tensor));
      links.second.send(0, message(gradient(3)));
      assertThat(links.second.take(activation(0)).data()).isEqualTo(tensor.data());
      assertThat(links.first.take(gradient(3)).data()).containsExactly(3);
    }
  }

  @Test
  void aBlockingLinkHoldsUpItsSender() throws Exception {
    try (LinkPair links = new LinkPair(LinkPair.patience(LONG), clock)) {
      links.first.conditions(1, LinkConditions.delayed(Duration.ofMillis(30)));
      List<Integer> sent = new CopyOnWriteArrayList<>();
      CompletableFuture<Void> sender =
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < 3; i++) {
                  send(links.first, activation(i));
                  sent.add(i);
                }
              });
      for (int i = 0; i < 3; i++) {
        assertThat(clock.awaitSleeps(i + 1)).last().isEqualTo(30L * (i + 1));
        assertThat(sent).hasSize(i);
        clock.advance(30);
        links.second.take(activation(i));
      }
      sender.get();
      assertThat(clock.nanos()).isEqualTo(90_000_000);
    }
  }

  @Test
  void delegatesLetTheSenderGoOn() throws InterruptedException {
    try (LinkPair links = new LinkPair(LinkPair.patience(LONG), clock)) {
      links.first.conditions(1, LinkConditions.delayed(Duration.ofMillis(30)));
      links.first.delegate(Map.of(1, 3));
      for (int i = 0; i < 3; i++) {
        links.first.send(1, message(activation(i)));
      }
      assertThat(clock.awaitSleeps(3)).containsExactly(30L, 30L, 30L);
      clock.advance(30);
      for (int i = 0; i < 3; i++) {
        assertThat(links.second.take(activation(i)).data()).containsExactly(i);
      }
    }
  }

  @Test
  void aDelegateCarriesItsMicrobatchesOneAfterTheOther() throws InterruptedException {
    try (LinkPair links = new LinkPair(LinkPair.patience(LONG), clock)) {
      links.first.conditions(1, LinkConditions.delayed(Duration.ofMillis(30)));
      links.first.delegate(Map.of(1, 2));
      for (int i = 0; i < 4; i++) {
        links.first.send(1, message(activation(i)));
      }
      assertThat(clock.awaitSleeps(2)).containsExactly(30L, 30L);
      clock.advance(30);
      links.second.take(activation(0));
      links.second.take(activation(1));
      assertThat(clock.awaitSleeps(4)).containsExactly(30L, 30L, 60L, 60L);
      clock.advance(30);
      links.second.take(activation(2));
      links.second.take(activation(3));
    }
  }

  @Test
  void aKindIsNotHeldUpByTheOther() throws InterruptedException {
    try (LinkPair links = new LinkPair(LinkPair.patience(LONG), clock)) {
      links.first.conditions(1, LinkConditions.delayed(Duration.ofMillis(30)));
      links.first.delegate(Map.of(1, 1));
      links.first.send(1, message(activation(0)));
      clock.awaitSleeps(1);
      links.first.send(1, message(gradient(0)));
      assertThat(clock.awaitSleeps(2)).containsExactly(30L, 30L);
    }
  }

  @Test
  void samplesLeaveOutTheWaitInTheQueue() throws InterruptedException {
    try (LinkPair links = new LinkPair(LinkPair.patience(LONG), clock)) {
      links.first.conditions(1, LinkConditions.delayed(Duration.ofMillis(30)));
      links.first.delegate(Map.of(1, 1));
      for (int i = 0; i < 3; i++) {
        links.first.send(1, message(activation(i)));
      }
      for (int i = 0; i < 3; i++) {
        clock.awaitSleeps(i + 1);
        clock.advance(30);
      }
      links.second.take(activation(2));
      links.first.delegate(Map.of(1, 0));
      links.first.conditions(1, LinkConditions.HEALTHY);
      links.first.send(1, message(activation(3)));
      List<LinkSample> samples = links.first.drainSamples();
      assertThat(samples).extracting(LinkSample::millis).containsExactly(30.0, 30.0, 30.0, 0.0);
      assertThat(samples).extracting(LinkSample::toStage).containsOnly(1);
      assertThat(samples).extracting(LinkSample::kind).containsOnly(MessageKind.ACTIVATION);
      assertThat(samples.get(2).at()).isEqualTo(clock.now());
      assertThat(links.first.drainSamples()).isEmpty();
    }
  }

  @Test
  void delegatesChangeWhileMessagesAreQueued() throws InterruptedException {
    try (LinkPair links = new LinkPair(LinkPair.patience(LONG), clock)) {
      links.first.conditions(1, LinkConditions.delayed(Duration.ofMillis(30)));
      links.first.delegate(Map.of(1, 4));
      for (int i = 0; i < 8; i++) {
        links.first.send(1, message(activation(i)));
      }
      links.first.delegate(Map.of(1, 1));
      links.first.send(1, message(activation(8)));
      clock.awaitSleeps(4);
      clock.advance(30);
      assertThat(clock.awaitSleeps(8)).endsWith(60L, 60L, 60L, 60L);
      clock.advance(30);
      assertThat(clock.awaitSleeps(9)).last().isEqualTo(90L);
      clock.advance(30);
      for (int i = 0; i < 9; i++) {
        links.second.take(activation(i));
      }
    }
  }

  @Test
  void aMessageThatDoesNotComeIsNamed() {
    try (LinkPair links = new LinkPair(LinkPair.patience(SHORT), clock)) {
      assertThatThrownBy(() -> links.first.take(gradient(2)))
          .isInstanceOf(LinkException.class)
          .hasMessageContaining("no GRADIENT of iteration 0, microbatch 2, for piece 0 within 50");
    }
  }

  @Test
  void aBlockingSendToNobodyFails() throws IOException {
    try (TcpStageLinks links = alone(3)) {
      assertThatThrownBy(() -> links.send(1, message(activation(0))))
          .isInstanceOf(LinkException.class)
          .hasMessageContaining(
              "the link from stage 0 to stage 1 failed: ACTIVATION of iteration 0")
          .hasMessageContaining("in 3 tries");
      assertThatThrownBy(() -> links.take(gradient(0))).hasMessageContaining("stage 1 failed");
    }
  }

  @Test
  void aDelegatedSendToNobodyEndsAllWaiting() throws Exception {
    try (TcpStageLinks links = alone(3)) {
      links.delegate(Map.of(1, 2));
      links.send(1, message(activation(0)));
      assertThatThrownBy(() -> links.take(gradient(0))).hasMessageContaining("stage 1 failed");
      assertThatThrownBy(() -> links.send(1, message(activation(1))))
          .hasMessageContaining("stage 1 failed");
    }
  }

  private static TcpStageLinks alone(int tries) throws IOException {
    InetSocketAddress nobody;
    try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = (InetSocketAddress) gone.getLocalSocketAddress();
    }
    TcpStageLinks links =
        TcpStageLinks.open(
            LinkPair.identity(0),
            LinkPair.patience(LONG).withTries(tries, Duration.ofMillis(1), Duration.ofMillis(1)));
    links.connect(Map.of(1, nobody));
    return links;
  }

  @Test
  void aStageWithoutAnAddressIsNamed() {
    try (LinkPair links = new LinkPair(LinkPair.patience(SHORT), clock)) {
      assertThatThrownBy(() -> links.first.send(4, message(activation(0))))
          .isInstanceOf(LinkException.class)
          .hasMessage("stage 4 has no address");
      assertThatThrownBy(() -> links.first.delegate(Map.of(1, -1)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aStageOfAnotherAttemptIsRefusedAndToldWhy() throws InterruptedException {
    LinkSettings settings =
        LinkPair.patience(SHORT).withTries(2, Duration.ofMillis(1), Duration.ofMillis(1));
    try (LinkPair links = new LinkPair(settings, clock);
        TcpStageLinks late =
            TcpStageLinks.open(new LinkIdentity("job", 0, 1, 0, "secret"), settings)) {
      late.connect(Map.of(1, links.second.address()));
      assertThatThrownBy(() -> late.send(1, message(activation(0))))
          .hasMessageContaining("attempt 1, looks for stage 1; this is stage 1")
          .hasMessageContaining("attempt 0");
      assertThatThrownBy(() -> links.second.take(activation(0))).hasMessageContaining("takeLimit");
    }
  }

  @Test
  void aStrangerInjectsNothingAndHarmsNobody() throws Exception {
    LinkSettings settings = LinkPair.patience(LONG).withReplyLimit(Duration.ofMillis(200));
    try (LinkPair links = new LinkPair(settings, clock)) {
      try (Socket silent = new Socket()) {
        silent.connect(links.second.address());
        assertThat(silent.getInputStream().read()).isEqualTo(-1);
      }
      try (Socket stranger = new Socket()) {
        stranger.connect(links.second.address());
        DataOutputStream out = new DataOutputStream(stranger.getOutputStream());
        Handshake.hello(out, new LinkIdentity("job", 0, 0, 0, "guess"), 1);
        DataInputStream in = new DataInputStream(stranger.getInputStream());
        assertThatThrownBy(() -> Handshake.answer(in)).hasMessageContaining("token is wrong");
        assertThat(in.read()).isEqualTo(-1);
      }
      links.first.send(1, message(activation(0)));
      assertThat(links.second.take(activation(0)).data()).containsExactly(0);
    }
  }

  @Test
  void aCrowdOfSilentStrangersOnlyDelays() throws Exception {
    LinkSettings settings =
        LinkPair.patience(LONG)
            .withReplyLimit(Duration.ofMillis(300))
            .withTries(100, Duration.ofMillis(10), Duration.ofMillis(10));
    List<Socket> crowd = new ArrayList<>();
    try (LinkPair links = new LinkPair(settings, LinkClock.SYSTEM)) {
      for (int i = 0; i < 70; i++) {
        Socket silent = new Socket();
        silent.connect(links.second.address());
        crowd.add(silent);
      }
      links.first.send(1, message(activation(0)));
      assertThat(links.second.take(activation(0)).data()).containsExactly(0);
    } finally {
      for (Socket silent : crowd) {
        silent.close();
      }
    }
  }

  @Test
  void aPeerThatNeverAnswersIsGivenUp() throws Exception {
    LinkSettings settings =
        LinkPair.patience(LONG)
            .withReplyLimit(Duration.ofMillis(50))
            .withTries(3, Duration.ofMillis(1), Duration.ofMillis(1));
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        TcpStageLinks links = TcpStageLinks.open(LinkPair.identity(0), settings)) {
      links.connect(Map.of(1, (InetSocketAddress) silent.getLocalSocketAddress()));
      assertThatThrownBy(() -> links.send(1, message(activation(0))))
          .isInstanceOf(LinkException.class)
          .hasMessageContaining("in 3 tries")
          .hasMessageContaining("timed out");
    }
  }

  @Test
  void aHostileFrameEndsItsConnectionOnly() throws Exception {
    try (LinkPair links = new LinkPair(LinkPair.patience(LONG), clock);
        Socket peer = new Socket()) {
      peer.connect(links.second.address());
      DataOutputStream out = new DataOutputStream(peer.getOutputStream());
      DataInputStream in = new DataInputStream(peer.getInputStream());
      Handshake.hello(out, LinkPair.identity(0), 1);
      Handshake.answer(in);
      out.writeInt(Integer.MAX_VALUE);
      assertThatThrownBy(() -> Handshake.answer(in)).hasMessageContaining("2147483647 bytes");
      assertThat(in.read()).isEqualTo(-1);
      links.first.send(1, message(activation(0)));
      assertThat(links.second.take(activation(0)).data()).containsExactly(0);
    }
  }

  @Test
  void closingEndsWhatWaitsAndEveryThread() throws Exception {
    long before = linkThreads();
    LinkPair links = new LinkPair(LinkPair.patience(LONG), clock);
    links.first.conditions(1, LinkConditions.delayed(Duration.ofMillis(30)));
    links.second.send(0, message(gradient(0)));
    CompletableFuture<Throwable> sender =
        CompletableFuture.supplyAsync(() -> failureOf(() -> send(links.first, activation(0))));
    CompletableFuture<Throwable> taker =
        CompletableFuture.supplyAsync(() -> failureOf(() -> take(links.second, activation(1))));
    clock.awaitSleeps(1);
    links.close();
    assertThat(sender.get()).isInstanceOf(LinkException.class).hasMessageContaining("closed");
    assertThat(taker.get()).isInstanceOf(LinkException.class).hasMessageContaining("closed");
    assertThat(linkThreads()).isEqualTo(before);
    assertThatThrownBy(() -> links.first.send(1, message(activation(2))))
        .hasMessageContaining("closed");
    links.close();
  }

  private static long linkThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("link-"))
        .count();
  }

  private static Throwable failureOf(Runnable what) {
    try {
      what.run();
      return null;
    } catch (RuntimeException e) {
      return e;
    }
  }

  private static void send(StageLinks links, MessageKey key) {
    try {
      links.send(1, message(key));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void take(StageLinks links, MessageKey key) {
    try {
      links.take(key);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
