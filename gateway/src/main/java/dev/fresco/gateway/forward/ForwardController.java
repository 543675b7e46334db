package dev.fresco.gateway.forward;

import dev.fresco.gateway.config.ServiceSettings;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Passes calls on to the services whose they are. Springdoc would describe every method at every
 * path: the document's words on them are written by hand.
 */
@RestController
@Hidden
class ForwardController {
  private final Forwarder forwarder;
  private final ServiceSettings services;

  ForwardController(Forwarder forwarder, ServiceSettings services) {
    this.forwarder = forwarder;
    this.services = services;
  }

  @RequestMapping({"/v1/templates", "/v1/templates/**"})
  void templates(HttpServletRequest call, HttpServletResponse answer) throws IOException {
    forwarder.forward("cache-service", services.cache(), call, answer);
  }

  @RequestMapping({"/v1/loras", "/v1/loras/**", "/v1/controlnets", "/v1/controlnets/**"})
  void adapters(HttpServletRequest call, HttpServletResponse answer) throws IOException {
    forwarder.forward("lora-service", services.lora(), call, answer);
  }

  @RequestMapping({
    "/v1/training-jobs",
    "/v1/training-jobs/**",
    "/v1/training-data",
    "/v1/training-data/**"
  })
  void training(HttpServletRequest call, HttpServletResponse answer) throws IOException {
    forwarder.forward("training-service", services.training(), call, answer);
  }
}
