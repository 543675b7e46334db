package dev.fresco.gateway.api;

import org.springframework.stereotype.Component;

/** Whose call it is. There are no keys yet: every caller is the same tenant. */
@Component
class CallerTenant {
  String current() {
    return "default";
  }
}
