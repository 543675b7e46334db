package dev.fresco.platform.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Refuses bodies that are too large: at once if they say how long they are, else when they pass the
 * limit. Multipart bodies without a length are held to the limits of the multipart reader instead.
 */
public final class BodyLimitFilter extends OncePerRequestFilter {
  private final long limitBytes;
  private final String knob;
  private final HandlerExceptionResolver problems;

  /**
   * @param knob the property that sets the limit
   * @param problems writes the refusal
   */
  public BodyLimitFilter(long limitBytes, String knob, HandlerExceptionResolver problems) {
    this.limitBytes = limitBytes;
    this.knob = knob;
    this.problems = problems;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (request.getContentLengthLong() > limitBytes) {
      problems.resolveException(request, response, null, tooLarge());
      return;
    }
    chain.doFilter(new Bounded(request), response);
  }

  private ProblemException tooLarge() {
    return ProblemException.tooLarge("the body", limitBytes, knob);
  }

  private final class Bounded extends HttpServletRequestWrapper {
    private ServletInputStream body;

    Bounded(HttpServletRequest request) {
      super(request);
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
      if (body == null) {
        body = new BoundedBody(super.getInputStream());
      }
      return body;
    }
  }

  private final class BoundedBody extends ServletInputStream {
    private final ServletInputStream body;
    private long left = limitBytes;

    BoundedBody(ServletInputStream body) {
      this.body = body;
    }

    @Override
    public int read() throws IOException {
      int read = body.read();
      count(read < 0 ? 0 : 1);
      return read;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int read = body.read(target, offset, length);
      count(Math.max(read, 0));
      return read;
    }

    private void count(int read) {
      left -= read;
      if (left < 0) {
        throw tooLarge();
      }
    }

    @Override
    public boolean isFinished() {
      return body.isFinished();
    }

    @Override
    public boolean isReady() {
      return body.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
      body.setReadListener(listener);
    }
  }
}
