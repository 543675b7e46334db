package dev.fresco.benchmarks.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.engine.HostTensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class PeerReplyTest {
  @Test
  void readsWhatThePeerSays() {
    PeerReply reply =
        PeerReply.parse(
            """
            {"ok": true, "seconds": 1.5, "torch": "2.15.0", "nanoseconds": [3, 4000000000]}""");

    assertThat(reply.decimal("seconds")).isEqualTo(1.5);
    assertThat(reply.text("torch")).isEqualTo("2.15.0");
    assertThat(reply.wholeNumbers("nanoseconds")).containsExactly(3, 4_000_000_000L);
  }

  @Test
  void aTensorComesBackAsItWent() {
    HostTensor sent = HostTensor.of(new float[] {1, -2.5f, Float.MIN_VALUE, 3e38f, 0, 7}, 2, 3);
    String json = JsonMapper.builder().build().writeValueAsString(PeerTensor.of(sent));

    HostTensor back = PeerReply.parse("{\"ok\": true, \"x\": " + json + "}").tensor("x");

    assertThat(back.shape()).isEqualTo(sent.shape());
    assertThat(back.data()).isEqualTo(sent.data());
  }

  @Test
  void aFailureKeepsThePeersWords() {
    assertThatThrownBy(() -> PeerReply.parse("{\"ok\": false, \"error\": \"no diffusers\"}"))
        .isInstanceOf(PeerException.class)
        .hasMessage("the peer failed: no diffusers");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Traceback", "[]", "{}", "{\"ok\": 1}", "null"})
  void whatIsNoAnswerIsRefused(String line) {
    assertThatThrownBy(() -> PeerReply.parse(line))
        .isInstanceOf(PeerException.class)
        .hasMessageContaining("the peer's answer");
  }

  @Test
  void anAnswerOfTheWrongKindIsRefused() {
    PeerReply reply =
        PeerReply.parse(
            """
            {"ok": true, "few": {"shape": [2], "data": "AAAAAA=="},
             "odd": {"shape": [1], "data": "?"}, "words": ["a"]}""");

    assertThatThrownBy(() -> reply.tensor("few")).hasMessageContaining("few is no tensor");
    assertThatThrownBy(() -> reply.tensor("odd")).hasMessageContaining("odd is no tensor");
    assertThatThrownBy(() -> reply.wholeNumbers("words")).hasMessageContaining("words");
    assertThatThrownBy(() -> reply.decimal("seconds")).hasMessageContaining("number seconds");
    assertThatThrownBy(() -> reply.text("torch")).hasMessageContaining("text torch");
  }
}
