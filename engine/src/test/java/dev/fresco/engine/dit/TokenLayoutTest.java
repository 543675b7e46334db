package dev.fresco.engine.dit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.dit.TokenLayout.Group;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenLayoutTest {
  private static final TokenShape SMALL = new TokenShape(20, 2, 3);
  private static final TokenShape LARGE = new TokenShape(7, 4, 4);

  @Test
  void countsMembersAndTheirTokensByGroup() {
    TokenLayout layout = new TokenLayout(List.of(new Group(2, SMALL), new Group(1, LARGE)));

    assertThat(layout.shapes()).containsExactly(SMALL, LARGE);
    assertThat(layout.wordCounts()).containsExactly(2, 20, 1, 7);
    assertThat(layout.placeCounts()).containsExactly(2, 6, 1, 16);
    assertThat(layout.tokenCounts()).containsExactly(2, 26, 1, 23);
  }

  @Test
  void countsOnlyPlacesThatAreComputed() {
    TokenLayout layout = new TokenLayout(List.of(new Group(2, SMALL), new Group(1, LARGE, 5)));

    assertThat(layout.wordCounts()).containsExactly(2, 20, 1, 7);
    assertThat(layout.placeCounts()).containsExactly(2, 6, 1, 5);
    assertThat(layout.tokenCounts()).containsExactly(2, 26, 1, 12);
    assertThat(layout.placeSizes()).containsExactly(2, 2, 3, 1, 4, 4);
  }

  @Test
  void emptyBatchesGroupsAndMembersAreRefused() {
    assertThatThrownBy(() -> new TokenLayout(List.of())).isInstanceOf(EngineException.class);
    assertThatThrownBy(() -> new Group(0, SMALL))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("0 members");
    assertThatThrownBy(() -> new Group(1, LARGE, 0)).isInstanceOf(EngineException.class);
    assertThatThrownBy(() -> new Group(1, LARGE, 17))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("17 of 16 places");
    assertThatThrownBy(() -> new TokenShape(0, 4, 4))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("0 words and 4 x 4 places");
  }
}
