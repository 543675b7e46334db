package dev.fresco.engine.dit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.kernel.KernelLibrary;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RotaryTablesTest {
  private KernelLibrary kernels;
  private NDManager manager;
  private RotaryTables tables;

  @BeforeEach
  void open() {
    kernels = KernelLibrary.on("cpu");
    manager = kernels.manager().newSubManager();
    tables = new RotaryTables(manager, List.of(2, 4, 6));
  }

  @AfterEach
  void close() {
    tables.close();
    kernels.close();
  }

  @Test
  void placesTurnAndWordsDoNot() {
    NDArray table = tables.of(new TokenShape(2, 3, 200));
    assertThat(table.getShape().getShape()).containsExactly(602, 1, 6, 2);
    float[] values = table.toFloatArray();

    for (int word = 0; word < 2; word++) {
      for (int pair = 0; pair < 6; pair++) {
        assertThat(turn(values, word, pair)).isZero();
      }
    }
    int place = 2 + 2 * 200 + 150; // row 2, column 150
    assertThat(turn(values, place, 0)).isZero();
    assertThat(turn(values, place, 1)).isCloseTo(2, within(1e-6));
    assertThat(turn(values, place, 2)).isCloseTo(2 / 100.0, within(1e-6));
    assertThat(turn(values, place, 3)).isCloseTo(150 - 48 * Math.PI, within(1e-6));
    assertThat(turn(values, place, 4))
        .isCloseTo(150 / Math.cbrt(10000) - 2 * Math.PI, within(1e-6));
    assertThat(turn(values, place, 5)).isCloseTo(150 / Math.cbrt(1e8), within(1e-6));
  }

  private static double turn(float[] values, int token, int pair) {
    int at = (token * 6 + pair) * 2;
    return Math.atan2(values[at + 1], values[at]);
  }

  @Test
  void tablesAreKeptWhileTheirShapeIsInUse() {
    TokenShape kept = new TokenShape(2, 3, 4);
    TokenShape gone = new TokenShape(2, 4, 3);
    NDArray first = tables.of(kept);
    NDArray second = tables.of(gone);
    tables.retain(List.of(kept));

    assertThat(tables.of(kept)).isSameAs(first);
    assertThat(second.isReleased()).isTrue();
    assertThat(manager.getManagedArrays()).containsExactly(first);
  }
}
