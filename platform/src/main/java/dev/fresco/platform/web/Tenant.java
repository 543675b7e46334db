package dev.fresco.platform.web;

import java.util.regex.Pattern;

/**
 * On whose behalf a call is made. The gateway sets the header after it has authenticated the
 * caller; the services behind it trust the header, so they must not be reachable around the
 * gateway.
 */
public record Tenant(String id) {
  public static final String HEADER = "X-Fresco-Tenant";

  /** The tenant of calls without the header. */
  public static final String DEFAULT = "default";

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  public Tenant {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("tenant is '" + id + "'; it must match " + ID);
    }
  }
}
