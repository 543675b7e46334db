package dev.fresco.gateway.forward;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.gateway.admission.CallerTenant;
import dev.fresco.gateway.config.ServiceSettings;
import dev.fresco.platform.web.ProblemException;
import dev.fresco.platform.web.Tenant;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Passes a call on and its answer back, both as streams: nothing of them is kept here. */
@Component
class Forwarder {
  private static final Logger log = LoggerFactory.getLogger(Forwarder.class);
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);
  private static final Duration TRY_AGAIN = Duration.ofSeconds(5);
  private static final int BUFFER_BYTES = 16 * 1024;

  /** They speak of one connection only (RFC 9110, 7.6.1), or are set here. */
  private static final Set<String> NOT_PASSED_ON =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "proxy-authenticate",
          "proxy-authorization",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "host",
          "content-length",
          "expect",
          // Services believe it, so it is the gateway that says it.
          Tenant.HEADER.toLowerCase(Locale.ROOT));

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_LIMIT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  private final ServiceSettings services;
  private final CallerTenant tenant;

  Forwarder(ServiceSettings services, CallerTenant tenant) {
    this.services = services;
    this.tenant = tenant;
  }

  /**
   * @throws ProblemException 503 if the service cannot be reached, 502 if it breaks off, 504 if it
   *     does not answer in time
   */
  void forward(String service, URI base, HttpServletRequest call, HttpServletResponse answer)
      throws IOException {
    HttpResponse<InputStream> response = send(service, request(base, call));
    answer.setStatus(response.statusCode());
    response
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (isPassedOn(name)) {
                values.forEach(value -> answer.addHeader(name, value));
              }
            });
    response.headers().firstValueAsLong("content-length").ifPresent(answer::setContentLengthLong);
    try (InputStream body = response.body()) {
      copy(body, answer.getOutputStream());
    }
  }

  /** Each piece goes out at once: it may be an event that somebody waits for. */
  private static void copy(InputStream body, OutputStream out) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
      out.write(buffer, 0, read);
      out.flush();
    }
  }

  private HttpRequest request(URI base, HttpServletRequest call) throws IOException {
    String path = call.getRequestURI();
    refuseDots(path);
    String query = call.getQueryString() == null ? "" : "?" + call.getQueryString();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve(path + query))
            .timeout(services.answerLimit())
            .method(call.getMethod(), body(call));
    for (String name : Collections.list(call.getHeaderNames())) {
      if (isPassedOn(name)) {
        Collections.list(call.getHeaders(name)).forEach(value -> request.header(name, value));
      }
    }
    return request.header(Tenant.HEADER, tenant.current()).build();
  }

  /** A service would resolve them, and answer for an address that is not passed on. */
  private static void refuseDots(String path) {
    String plain = path.toLowerCase(Locale.ROOT).replace("%2e", ".").replace("%2f", "/");
    for (String segment : plain.split("[/\\\\]")) {
      String name = segment.split(";", 2)[0];
      if (name.equals(".") || name.equals("..")) {
        throw ProblemException.malformed("the path must not have . or .. as a part", List.of());
      }
    }
  }

  private static boolean isPassedOn(String header) {
    return !NOT_PASSED_ON.contains(header.toLowerCase(Locale.ROOT));
  }

  private static BodyPublisher body(HttpServletRequest call) throws IOException {
    long length = call.getContentLengthLong();
    boolean chunked = call.getHeader("Transfer-Encoding") != null;
    if (length <= 0 && !chunked) {
      return BodyPublishers.noBody();
    }
    ServletInputStream stream = call.getInputStream();
    BodyPublisher body = BodyPublishers.ofInputStream(() -> stream);
    return chunked ? body : BodyPublishers.fromPublisher(body, length);
  }

  private HttpResponse<InputStream> send(String service, HttpRequest request) throws IOException {
    try {
      return client.send(request, BodyHandlers.ofInputStream());
    } catch (ConnectException | HttpConnectTimeoutException e) {
      log.warn("{} cannot be reached at {}", service, request.uri(), e);
      throw ProblemException.unavailable(service + " cannot be reached", TRY_AGAIN);
    } catch (HttpTimeoutException e) {
      throw ProblemException.of(
          HttpStatus.GATEWAY_TIMEOUT,
          ErrorCode.UNAVAILABLE,
          service
              + " did not answer within "
              + services.answerLimit()
              + " (fresco.services.answer-limit)");
    } catch (IOException e) {
      log.warn("{} broke off at {}", service, request.uri(), e);
      throw ProblemException.of(
          HttpStatus.BAD_GATEWAY, ErrorCode.UNAVAILABLE, service + " broke off its answer");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ProblemException.unavailable("the gateway is stopping", TRY_AGAIN);
    }
  }
}
