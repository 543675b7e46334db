package dev.fresco.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that are passed on and go wrong. */
class ForwardTest extends GatewayTest {

  /** Sends a call by hand and returns all that comes until the connection ends. */
  private String raw(String target) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(10_000);
      String head = "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  /** The call asks to keep the connection: only a break ends it, and no last chunk came. */
  @Test
  void anAnswerThatBreaksOffDoesNotLookWhole() throws IOException {
    String chunked = raw("/v1/training-jobs/chunked");
    assertThat(chunked).startsWith("HTTP/1.1 200").contains("hello").doesNotContain("\r\n0\r\n");
    String counted = raw("/v1/training-jobs/counted");
    assertThat(counted).contains("Content-Length: 100").contains("hello");
    assertThat(counted.substring(counted.indexOf("\r\n\r\n") + 4)).hasSizeLessThan(100);
  }

  @Test
  void anAnswerThatBreaksOffBeforeItBeginsIsNamed() {
    Caller.Answer answer = caller.get("/v1/training-jobs/nothing");
    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.text("/detail")).isEqualTo("training-service broke off its answer");
  }

  @Test
  void aServiceThatDoesNotAnswerIsNamed() {
    Caller.Answer answer = caller.get("/v1/training-jobs/silent");
    assertThat(answer.status()).isEqualTo(504);
    assertThat(answer.text("/detail")).contains("PT2S (fresco.services.answer-limit)");
  }

  /** The limit is for the service's answer, not for what the caller takes to send. */
  @Test
  void aSlowUploadIsNoSlowAnswer() {
    byte[] piece = new byte[64 << 10];
    Stream<byte[]> pieces = Stream.generate(() -> piece).limit(6).peek(sent -> pause());
    Caller.Answer answer =
        caller.send(caller.to("/v1/loras").POST(BodyPublishers.ofByteArrays(pieces::iterator)));
    assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
    assertThat(answer.bytes()).hasSize(6 * piece.length);
  }

  private static void pause() {
    try {
      Thread.sleep(500);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/loras?name=%zz", "/v1/loras?name=%", "/v1/loras?name=%e"})
  void anAddressThatIsNoneIsMalformed(String target) throws IOException {
    assertThat(raw(target + " HTTP/1.1\r\nConnection: close\r\nX-Rest:"))
        .startsWith("HTTP/1.1 400")
        .contains("malformed_request");
  }
}
