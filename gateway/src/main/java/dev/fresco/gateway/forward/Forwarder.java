package dev.fresco.gateway.forward;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.gateway.admission.CallerTenant;
import dev.fresco.gateway.config.ServiceSettings;
import dev.fresco.platform.web.ProblemException;
import dev.fresco.platform.web.Tenant;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
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
  private final ForwardedStreams streams;

  Forwarder(ServiceSettings services, CallerTenant tenant, ForwardedStreams streams) {
    this.services = services;
    this.tenant = tenant;
    this.streams = streams;
  }

  /**
   * @throws ProblemException 400 if the address is none, 503 if the service cannot be reached, 502
   *     if it breaks off, 504 if it does not answer in time
   */
  void forward(String service, URI base, HttpServletRequest call, HttpServletResponse answer)
      throws IOException {
    TimedUpload upload = new TimedUpload(call.getInputStream());
    HttpResponse<InputStream> response = send(service, request(base, call, upload), upload);
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
    if (isEventStream(response)) {
      streams.forward(service, response.body(), call, answer);
      return;
    }
    try (InputStream body = response.body()) {
      copy(service, body, call, answer);
    }
  }

  private static boolean isEventStream(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("content-type")
        .filter(type -> type.startsWith(MediaType.TEXT_EVENT_STREAM_VALUE))
        .isPresent();
  }

  /**
   * Each piece goes out at once. If the service breaks off after the first, the caller's connection
   * must break as well, or a part would look whole.
   */
  private static void copy(
      String service, InputStream body, HttpServletRequest call, HttpServletResponse answer)
      throws IOException {
    OutputStream out = answer.getOutputStream();
    byte[] buffer = new byte[BUFFER_BYTES];
    while (true) {
      int read;
      try {
        read = body.read(buffer);
      } catch (IOException e) {
        log.warn("{} broke off its answer to {}", service, call.getRequestURI(), e);
        if (!answer.isCommitted()) {
          answer.reset();
          throw brokeOff(service);
        }
        BreakOffValve.breakOff(call);
        return;
      }
      if (read < 0) {
        return;
      }
      out.write(buffer, 0, read);
      out.flush();
    }
  }

  private static ProblemException brokeOff(String service) {
    return ProblemException.of(
        HttpStatus.BAD_GATEWAY, ErrorCode.UNAVAILABLE, service + " broke off its answer");
  }

  private HttpRequest request(URI base, HttpServletRequest call, TimedUpload upload) {
    String path = call.getRequestURI();
    refuseDots(path);
    String query = call.getQueryString() == null ? "" : "?" + call.getQueryString();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address(base, path + query))
            .method(call.getMethod(), body(call, upload));
    for (String name : Collections.list(call.getHeaderNames())) {
      if (isPassedOn(name)) {
        Collections.list(call.getHeaders(name)).forEach(value -> request.header(name, value));
      }
    }
    return request.header(Tenant.HEADER, tenant.current()).build();
  }

  private static URI address(URI base, String pathAndQuery) {
    try {
      return base.resolve(new URI(pathAndQuery));
    } catch (URISyntaxException e) {
      throw ProblemException.malformed("the address is none: " + e.getReason(), List.of());
    }
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

  private static BodyPublisher body(HttpServletRequest call, TimedUpload upload) {
    long length = call.getContentLengthLong();
    boolean chunked = call.getHeader("Transfer-Encoding") != null;
    if (length <= 0 && !chunked) {
      return BodyPublishers.noBody();
    }
    BodyPublisher body = BodyPublishers.ofInputStream(() -> upload);
    return chunked ? body : BodyPublishers.fromPublisher(body, length);
  }

  private HttpResponse<InputStream> send(String service, HttpRequest request, TimedUpload upload) {
    CompletableFuture<HttpResponse<InputStream>> answer =
        client.sendAsync(request, BodyHandlers.ofInputStream());
    try {
      return await(answer, upload);
    } catch (TimeoutException e) {
      throw ProblemException.of(
          HttpStatus.GATEWAY_TIMEOUT,
          ErrorCode.UNAVAILABLE,
          service
              + " did not answer within "
              + services.answerLimit()
              + " (fresco.services.answer-limit)");
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
        log.warn("{} cannot be reached at {}: {}", service, request.uri(), cause.toString());
        throw ProblemException.unavailable(service + " cannot be reached", TRY_AGAIN);
      }
      log.warn("{} broke off at {}", service, request.uri(), cause);
      throw brokeOff(service);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ProblemException.unavailable("the gateway is stopping", TRY_AGAIN);
    } finally {
      answer.cancel(true);
    }
  }

  /** However long an upload takes: the limit counts from its last part. */
  private HttpResponse<InputStream> await(
      CompletableFuture<HttpResponse<InputStream>> answer, TimedUpload upload)
      throws TimeoutException, ExecutionException, InterruptedException {
    long limit = services.answerLimit().toNanos();
    while (true) {
      long left = limit - upload.idleNanos();
      try {
        return answer.get(Math.max(left, 0), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        if (upload.idleNanos() >= limit) {
          throw e;
        }
      }
    }
  }
}
