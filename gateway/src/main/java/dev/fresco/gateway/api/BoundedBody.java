package dev.fresco.gateway.api;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.platform.web.FieldProblem;
import dev.fresco.platform.web.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.util.unit.DataSize;

/** Reads a call's body, but never more of it than a limit. */
final class BoundedBody {
  private BoundedBody() {}

  /**
   * @throws ProblemException 413 if the body says or turns out to be longer than {@code limit}
   */
  static byte[] read(HttpServletRequest call, DataSize limit) throws IOException {
    long announced = call.getContentLengthLong();
    if (announced > limit.toBytes()) {
      throw tooLarge(announced, "is " + announced + " bytes", limit);
    }
    byte[] body = call.getInputStream().readNBytes(Math.toIntExact(limit.toBytes() + 1));
    if (body.length > limit.toBytes()) {
      throw tooLarge(null, "is longer", limit);
    }
    return body;
  }

  private static ProblemException tooLarge(Long value, String size, DataSize limit) {
    return ProblemException.of(
        HttpStatus.CONTENT_TOO_LARGE,
        ErrorCode.PAYLOAD_TOO_LARGE,
        "the body "
            + size
            + "; the limit is "
            + limit.toBytes()
            + " bytes (fresco.limits.max-body)",
        List.of(
            new FieldProblem(
                "body", value, limit.toBytes(), "must be at most " + limit.toBytes() + " bytes")));
  }
}
