package dev.fresco.trainer.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HandshakeTest {
  private static final LinkIdentity SELF = new LinkIdentity("job", 1, 4, 2, "secret");

  @Test
  void aStageOfTheSameAttemptIsMet() throws IOException {
    assertThat(meet(hello(new LinkIdentity("job", 1, 4, 3, "secret"), 2))).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({
    "job, 1, 4, wrong, 2, token is wrong",
    "jab, 1, 4, secret, 2, 'stage 3 of replica 1 of job jab, attempt 4, looks for stage 2'",
    "job, 0, 4, secret, 2, this is stage 2 of replica 1 of job job",
    "job, 1, 3, secret, 2, attempt 3",
    "job, 1, 4, secret, 1, looks for stage 1"
  })
  void othersAreRefused(String job, int replica, int attempt, String token, int to, String reason)
      throws IOException {
    byte[] hello = hello(new LinkIdentity(job, replica, attempt, 3, token), to);
    assertThatThrownBy(() -> meet(hello))
        .isInstanceOf(FrameException.class)
        .hasMessageContaining(reason)
        .hasMessageNotContaining("secret");
  }

  @Test
  void anotherProtocolOrVersionIsRefused() throws IOException {
    byte[] hello = hello(new LinkIdentity("job", 1, 4, 3, "secret"), 2);
    byte[] newer = hello.clone();
    newer[5] = 9;
    assertThatThrownBy(() -> meet(newer)).hasMessageContaining("version 9; this is version 1");
    assertThatThrownBy(() -> meet("GET / HTTP/1.1".getBytes()))
        .hasMessageContaining("does not speak");
  }

  @Test
  void aHelloThatEndsTooSoonIsNone() throws IOException {
    byte[] hello = hello(new LinkIdentity("job", 1, 4, 3, "secret"), 2);
    for (int length = 0; length < hello.length; length++) {
      byte[] part = Arrays.copyOf(hello, length);
      assertThatThrownBy(() -> meet(part)).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void aRefusalSaysWhy() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Handshake.accept(new DataOutputStream(bytes));
    Handshake.refuse(new DataOutputStream(bytes), "too late");
    bytes.write(7);
    DataInputStream in = in(bytes.toByteArray());
    Handshake.answer(in);
    assertThatThrownBy(() -> Handshake.answer(in)).hasMessageContaining("too late");
    assertThatThrownBy(() -> Handshake.answer(in)).hasMessageContaining("an answer of 7");
  }

  @Test
  void anIdentityKeepsItsSecretAndItsLimits() {
    assertThat(SELF.toString()).doesNotContain("secret").contains("stage 2", "attempt 4");
    assertThatThrownBy(() -> new LinkIdentity("job", 0, 0, 0, "x".repeat(257)))
        .hasMessageContaining("token has 257 characters");
    assertThatThrownBy(() -> new LinkIdentity(" ", 0, 0, 0, "x")).hasMessageContaining("job");
  }

  private static byte[] hello(LinkIdentity identity, int to) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Handshake.hello(new DataOutputStream(bytes), identity, to);
    return bytes.toByteArray();
  }

  private static int meet(byte[] hello) throws IOException {
    return Handshake.meet(in(hello), SELF);
  }

  private static DataInputStream in(byte[] bytes) {
    return new DataInputStream(new ByteArrayInputStream(bytes));
  }
}
