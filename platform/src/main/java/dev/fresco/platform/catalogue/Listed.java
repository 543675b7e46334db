package dev.fresco.platform.catalogue;

import dev.fresco.contracts.Require;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where a record appears in lists.
 *
 * @param shelves the lists that show it, for example a tenant's; each is a path of names
 * @param at lists show the latest first
 */
public record Listed(List<String> shelves, Instant at) {
  private static final Pattern SHELF = Pattern.compile("[A-Za-z0-9_/-]+");

  public Listed {
    shelves = List.copyOf(shelves);
    for (String shelf : shelves) {
      if (!SHELF.matcher(shelf).matches()) {
        throw new IllegalArgumentException("shelf is '" + shelf + "'; it must match " + SHELF);
      }
    }
    Require.present("at", at);
  }
}
