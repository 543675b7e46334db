package dev.fresco.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.NativeLibrary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class SmallPagesTest {
  private static final int GET_THP_DISABLE = 42;

  @Test
  void largePagesAreBackWhenTheLastUserIsDone() {
    assertThat(SmallPages.during(() -> SmallPages.during(SmallPagesTest::areSmall))).isTrue();
    assertThat(
            SmallPages.<Boolean>during(
                () -> {
                  SmallPages.during(() -> 0);
                  return areSmall();
                }))
        .isTrue();
    assertThat(areSmall()).isFalse();
  }

  @Test
  void aFailureChangesNothing() {
    assertThatThrownBy(
            () ->
                SmallPages.during(
                    () -> {
                      throw new IllegalStateException();
                    }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(areSmall()).isFalse();
  }

  private static boolean areSmall() {
    return NativeLibrary.getInstance("c")
            .getFunction("prctl")
            .invokeInt(new Object[] {GET_THP_DISABLE, 0L, 0L, 0L, 0L})
        == 1;
  }
}
