package dev.fresco.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Event streams of other services; the limit is for one that does not come or end. */
@Timeout(60)
class ForwardedStreamTest extends GatewayTest {
  private static final String EVENTS = "/v1/training-jobs/trn_1/events";

  private final List<HttpResponse<InputStream>> open = new ArrayList<>();
  private final List<Socket> services = new ArrayList<>();

  private HttpResponse<InputStream> follow() {
    HttpResponse<InputStream> response = caller.open(caller.to(EVENTS));
    open.add(response);
    return response;
  }

  private static BufferedReader lines(HttpResponse<InputStream> response) {
    return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
  }

  private Socket service() throws InterruptedException {
    Socket service = BreaksOff.STREAMS.take();
    services.add(service);
    return service;
  }

  private static void send(Socket service, String event) throws IOException {
    String text = "data: " + event + "\n\n";
    service
        .getOutputStream()
        .write("%x\r\n%s\r\n".formatted(text.length(), text).getBytes(StandardCharsets.US_ASCII));
  }

  @AfterEach
  void endAll() throws IOException {
    for (HttpResponse<InputStream> one : open) {
      one.body().close();
    }
    for (Socket one : services) {
      one.close();
    }
  }

  @Test
  void anEventComesWhileTheStreamGoesOn() throws Exception {
    HttpResponse<InputStream> response = follow();
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).contains("text/event-stream");
    BufferedReader lines = lines(response);
    assertThat(lines.readLine()).isEqualTo("data: first");
    assertThat(lines.readLine()).isEmpty();
    send(service(), "second");
    assertThat(lines.readLine()).isEqualTo("data: second");
  }

  @Test
  void aStreamEndsWithItsService() throws Exception {
    BufferedReader lines = lines(follow());
    lines.readLine();
    service().close();
    assertThat(lines.readLine()).isEmpty();
    assertThat(lines.readLine()).isNull();
  }

  @Test
  void aCallerWhoGoesEndsTheServicesStream() throws Exception {
    HttpResponse<InputStream> response = follow();
    lines(response).readLine();
    Socket service = service();
    response.body().close();
    // It is known with a write that fails.
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(
            () -> {
              send(service, "anybody");
              service.setSoTimeout(50);
              return service.getInputStream().read() < 0;
            });
  }

  @Test
  void tooManyStreamsAreRefusedByName() throws Exception {
    for (int i = 0; i < 5; i++) {
      lines(follow()).readLine();
      service();
    }
    Caller.Answer refused = caller.get(EVENTS);
    service();
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.text("/detail")).contains("fresco.limits.max-forwarded-streams");
  }
}
