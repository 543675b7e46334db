package dev.fresco.planning.routing;

import java.util.Set;

/**
 * What a worker need not fetch.
 *
 * @param recordings ids of those that it can run edits with at once
 * @param coming ids of those that jobs given to it are making; not to be made a second time there
 * @param adapters sha256 of LoRA files
 */
public record AtHand(Set<String> recordings, Set<String> coming, Set<String> adapters) {
  public static final AtHand NOTHING = new AtHand(Set.of(), Set.of(), Set.of());

  public AtHand {
    recordings = Set.copyOf(recordings);
    coming = Set.copyOf(coming);
    adapters = Set.copyOf(adapters);
  }
}
