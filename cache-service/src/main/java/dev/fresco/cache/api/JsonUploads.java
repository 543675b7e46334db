package dev.fresco.cache.api;

import dev.fresco.cache.template.TemplateLimits;
import dev.fresco.platform.web.UploadMemory;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Holds memory for an upload in JSON from before its body is read until it is answered. The files
 * of a form lie on disk until the controller reads them.
 */
@Component
class JsonUploads implements HandlerInterceptor, WebMvcConfigurer {
  private static final String SHARE = JsonUploads.class.getName() + ".share";

  private final UploadMemory memory;
  private final TemplateLimits limits;

  JsonUploads(UploadMemory memory, TemplateLimits limits) {
    this.memory = memory;
    this.limits = limits;
  }

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(this);
  }

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    if (isJsonUpload(request)) {
      long length = request.getContentLengthLong();
      long bytes = length < 0 ? limits.maxTemplateBytes().toBytes() : length;
      request.setAttribute(SHARE, memory.take(bytes));
    }
    return true;
  }

  private static boolean isJsonUpload(HttpServletRequest request) {
    return HttpMethod.POST.matches(request.getMethod())
        && request.getContentType() != null
        && request.getContentType().startsWith(MediaType.APPLICATION_JSON_VALUE);
  }

  @Override
  public void afterCompletion(
      HttpServletRequest request, HttpServletResponse response, Object handler, Exception failure) {
    if (request.getAttribute(SHARE) instanceof UploadMemory.Share share) {
      request.removeAttribute(SHARE);
      share.close();
    }
  }
}
