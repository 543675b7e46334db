package dev.fresco.platform.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.multipart.MultipartHttpServletRequest;
import org.springframework.web.util.WebUtils;

/**
 * A multipart body whose parts are all known, each given once. Its files lie on disk until the call
 * ends. Needs {@code spring.servlet.multipart.resolve-lazily}, so that what is too large is noticed
 * here.
 */
public record UploadForm(Map<String, MultipartFile> files, Map<String, String> texts) {

  /** The size of a file at most, and the property that says so. */
  public record Limit(long bytes, String knob) {}

  /**
   * Reads the body.
   *
   * @param files parts that must be there, as files
   * @param texts parts that may be there
   * @throws ProblemException if a part is missing, unknown, given twice or too large
   */
  public static UploadForm read(
      HttpServletRequest request, Set<String> files, Set<String> texts, Limit limit) {
    MultipartHttpServletRequest form =
        WebUtils.getNativeRequest(request, MultipartHttpServletRequest.class);
    if (form == null) {
      throw new IllegalStateException("the request is not multipart");
    }
    FieldChecks checks = new FieldChecks();
    Map<String, MultipartFile> foundFiles = new TreeMap<>();
    Map<String, String> foundTexts = new TreeMap<>();
    try {
      form.getMultiFileMap()
          .forEach(
              (name, given) ->
                  take(checks, files, name, given.toArray(), foundFiles, given.get(0)));
      form.getParameterMap()
          .forEach((name, given) -> take(checks, texts, name, given, foundTexts, given[0]));
    } catch (MaxUploadSizeExceededException e) {
      throw ProblemException.tooLarge("the upload", limit.bytes(), limit.knob());
    }
    files.forEach(name -> checks.required(name, foundFiles.get(name)));
    checks.done();
    return new UploadForm(foundFiles, foundTexts);
  }

  private static <V> void take(
      FieldChecks checks,
      Set<String> known,
      String name,
      Object[] given,
      Map<String, V> found,
      V first) {
    if (!known.contains(name)) {
      checks.add(new FieldProblem(name, null, known, "is not a known part of this kind"));
    } else if (given.length > 1) {
      checks.add(new FieldProblem(name, null, 1, "is given " + given.length + " times"));
    } else {
      found.put(name, first);
    }
  }

  public MultipartFile file(String name) {
    return files.get(name);
  }

  /** A text part, or null. */
  public String text(String name) {
    return texts.get(name);
  }
}
