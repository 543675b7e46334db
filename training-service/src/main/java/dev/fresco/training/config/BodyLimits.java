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

/** How long a body may be: telemetry longer than what creates a job. */
final class BodyLimits extends OncePerRequestFilter {
  private final BodyLimitFilter telemetry;
  private final BodyLimitFilter others;

  BodyLimits(TrainingLimits limits, HandlerExceptionResolver problems) {
    telemetry =
        new BodyLimitFilter(
            limits.maxTelemetryBytes().toBytes(), "fresco.limits.max-telemetry-bytes", problems);
    others =
        new BodyLimitFilter(
            limits.maxRequestBytes().toBytes(), "fresco.limits.max-request-bytes", problems);
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    boolean isTelemetry = request.getRequestURI().endsWith("/telemetry");
    (isTelemetry ? telemetry : others).doFilter(request, response, chain);
  }
}
