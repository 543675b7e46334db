package dev.fresco.gateway.admission;

import dev.fresco.contracts.adapter.Adapter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a form names and does not hold, as found.
 *
 * @param start what to start from, or null
 * @param mask what the mask came as, or null
 * @param shown what each ControlNet is shown, in their order; null where there is none
 * @param adapters of the caller, by id
 */
record Sources(
    SourceImage start, SourceImage mask, List<SourceImage> shown, Map<String, Adapter> adapters) {
  Sources {
    shown = Collections.unmodifiableList(new ArrayList<>(shown));
    adapters = Map.copyOf(adapters);
  }

  /** Every picture that the job works from, the one to start from first; a mask is none. */
  List<SourceImage> images() {
    return Stream.concat(Stream.of(start), shown.stream()).filter(Objects::nonNull).toList();
  }

  /** An adapter of the caller of this kind. */
  Optional<Adapter> adapter(String id, Adapter.Kind kind) {
    return Optional.ofNullable(adapters.get(id)).filter(adapter -> adapter.kind() == kind);
  }
}
