package dev.fresco.gateway.config;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class GatewaySettingsTest {

  @Test
  void aKeyMustNotOutliveTheViewOfItsJob() {
    Duration day = Duration.ofDays(1);
    Duration second = Duration.ofSeconds(1);
    assertThatThrownBy(
            () ->
                new GatewaySettings(
                    null, day, second, day.minusMillis(1), day, second, second, second))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("fresco.gateway.views-kept")
        .hasMessageContaining("fresco.gateway.keys-kept");
  }
}
