package dev.fresco.gateway.admission;

import dev.fresco.platform.web.Tenant;
import org.springframework.stereotype.Component;

/** Whose call it is. There are no keys yet: every caller is the same tenant. */
@Component
public class CallerTenant {
  public String current() {
    return Tenant.DEFAULT;
  }
}
