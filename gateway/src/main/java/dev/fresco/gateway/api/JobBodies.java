package dev.fresco.gateway.api;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.gateway.config.LimitSettings;
import dev.fresco.platform.web.FieldProblem;
import dev.fresco.platform.web.ProblemException;
import dev.fresco.platform.web.UploadMemory;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Reads bodies of job requests, but never more of one than the limit. Words alone are read at once;
 * a body with pictures in it gets its share of the memory first.
 */
@Component
class JobBodies {
  /** As many of this size as there are threads fit in any heap. */
  private static final int SMALL = 64 * 1024;

  private final long limit;
  private final UploadMemory memory;

  JobBodies(LimitSettings limits, UploadMemory memory) {
    this.limit = limits.maxBody().toBytes();
    this.memory = memory;
  }

  /** A body; its memory is its own until it is closed. */
  record Body(byte[] bytes, UploadMemory.Share share) implements AutoCloseable {
    @Override
    public void close() {
      share.close();
    }
  }

  /**
   * @throws ProblemException 413 if the body says or turns out to be longer than the limit; 503 if
   *     others leave no memory for it
   */
  Body read(HttpServletRequest call) throws IOException {
    long announced = call.getContentLengthLong();
    if (announced > limit) {
      throw tooLarge(announced, "is " + announced + " bytes");
    }
    InputStream stream = call.getInputStream();
    byte[] start = stream.readNBytes((int) Math.min(SMALL, limit) + 1);
    if (start.length <= Math.min(SMALL, limit)) {
      return new Body(start, () -> {});
    }
    UploadMemory.Share share = memory.take(announced < 0 ? limit : announced);
    try {
      return new Body(whole(start, stream), share);
    } catch (IOException | RuntimeException e) {
      share.close();
      throw e;
    }
  }

  private byte[] whole(byte[] start, InputStream rest) throws IOException {
    InputStream all = new SequenceInputStream(new ByteArrayInputStream(start), rest);
    byte[] body = all.readNBytes(Math.toIntExact(limit + 1));
    if (body.length > limit) {
      throw tooLarge(null, "is longer");
    }
    return body;
  }

  private ProblemException tooLarge(Long value, String size) {
    return ProblemException.of(
        HttpStatus.CONTENT_TOO_LARGE,
        ErrorCode.PAYLOAD_TOO_LARGE,
        "the body " + size + "; the limit is " + limit + " bytes (fresco.limits.max-body)",
        List.of(new FieldProblem("body", value, limit, "must be at most " + limit + " bytes")));
  }
}
