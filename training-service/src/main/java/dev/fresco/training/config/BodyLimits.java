package dev.fresco.training.config;

import dev.fresco.platform.web.BodyLimitFilter;
import dev.fresco.training.job.TrainingLimits;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** How long a body may be: telemetry and data longer than what creates a job. */
final class BodyLimits extends OncePerRequestFilter {
  private final BodyLimitFilter telemetry;
  private final BodyLimitFilter data;
  private final BodyLimitFilter others;

  BodyLimits(TrainingLimits limits, HandlerExceptionResolver problems) {
    telemetry =
        new BodyLimitFilter(
            limits.maxTelemetryBytes().toBytes(), "fresco.limits.max-telemetry-bytes", problems);
    data =
        new BodyLimitFilter(
            limits.maxDataBytes().toBytes(), "fresco.limits.max-data-bytes", problems);
    others =
        new BodyLimitFilter(
            limits.maxRequestBytes().toBytes(), "fresco.limits.max-request-bytes", problems);
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    of(request.getRequestURI()).doFilter(request, response, chain);
  }

  private BodyLimitFilter of(String path) {
    if (path.startsWith("/v1/training-data")) {
      return data;
    }
    return path.endsWith("/telemetry") ? telemetry : others;
  }
}
