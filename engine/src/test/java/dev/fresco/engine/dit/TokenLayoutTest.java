package dev.fresco.engine.dit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.engine.EngineException;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenLayoutTest {
  private static final TokenShape SMALL = new TokenShape(20, 2, 3);
  private static final TokenShape LARGE = new TokenShape(7, 4, 4);

  @Test
  void membersStandOneAfterAnother() {
    TokenLayout layout = new TokenLayout(List.of(SMALL, SMALL, LARGE));

    assertThat(layout.groups()).containsExactly(0, 2, 3);
    assertThat(layout.shapes()).containsExactly(SMALL, LARGE);
    assertThat(layout.wordOffsets()).containsExactly(0, 20, 40, 47);
    assertThat(layout.placeOffsets()).containsExactly(0, 6, 12, 28);
    assertThat(layout.tokenOffsets()).containsExactly(0, 26, 52, 75);
    assertThat(layout.memberOffsets()).containsExactly(0, 1, 2, 3);
  }

  @Test
  void aShapeThatComesAgainLaterIsAnotherGroup() {
    TokenLayout layout = new TokenLayout(List.of(SMALL, LARGE, SMALL));

    assertThat(layout.groups()).containsExactly(0, 1, 2, 3);
    assertThat(layout.shapes()).containsExactly(SMALL, LARGE, SMALL);
  }

  @Test
  void emptyBatchesAndMembersAreRefused() {
    assertThatThrownBy(() -> new TokenLayout(List.of())).isInstanceOf(EngineException.class);
    assertThatThrownBy(() -> new TokenShape(0, 4, 4))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("0 words and 4 x 4 places");
  }
}
