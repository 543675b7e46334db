package dev.fresco.platform.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.apache.catalina.connector.ClientAbortException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.context.request.ServletWebRequest;

@ExtendWith(OutputCaptureExtension.class)
class ProblemDocumentsTest {
  private final ProblemDocuments documents = new ProblemDocuments();
  private final ServletWebRequest request =
      new ServletWebRequest(
          new MockHttpServletRequest("GET", "/v1/things"), new MockHttpServletResponse());

  @Test
  void aCallerWhoGoesAwayIsNoFailure(CapturedOutput log) {
    var gone = new ClientAbortException(new IOException("Broken pipe"));
    assertThat(documents.anythingElse(gone, request)).isNull();
    assertThat(log).doesNotContain("call failed");
  }

  @Test
  void anUnexpectedFailureIsLoggedAndAnsweredWithoutItsDetails(CapturedOutput log) {
    var answer = documents.anythingElse(new IOException("disk d7 is full"), request);
    assertThat(answer.getStatusCode().value()).isEqualTo(500);
    assertThat(answer.getBody().toString()).contains("internal_error").doesNotContain("d7");
    assertThat(log).contains("call failed", "disk d7 is full");
  }
}
