package dev.fresco.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a service answered to a test. */
public record Answer(int status, HttpResponse<byte[]> response) {
  private static final JsonMapper mapper = new JsonMapper();

  Answer(HttpResponse<byte[]> response) {
    this(response.statusCode(), response);
  }

  public String header(String name) {
    return response.headers().firstValue(name).orElse(null);
  }

  public byte[] bytes() {
    return response.body();
  }

  public String text() {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  public JsonNode json() {
    return mapper.readTree(response.body());
  }

  /** The value of a field of the answer's JSON. */
  public String field(String name) {
    return json().path(name).asString();
  }

  public Answer hasStatus(int expected) {
    assertThat(status).as(() -> "status of: " + text()).isEqualTo(expected);
    return this;
  }

  /** Checks that this is a problem document, and that its detail or errors contain some texts. */
  public Answer isProblem(int expected, String code, String... said) {
    hasStatus(expected);
    assertThat(header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(field("code")).isEqualTo(code);
    assertThat(json().path("status").asInt()).isEqualTo(expected);
    for (String part : said) {
      assertThat(text()).contains(part);
    }
    return this;
  }
}
