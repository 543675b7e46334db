package dev.fresco.platform.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class Sha256Test {
  /** The one-block example of FIPS 180-4's test vectors. */
  private static final String OF_ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @Test
  void isThatOfTheStandardHoweverItIsFed() throws IOException {
    byte[] abc = "abc".getBytes(StandardCharsets.US_ASCII);
    assertThat(Sha256.of(abc)).isEqualTo(OF_ABC);
    assertThat(Sha256.of("abc")).isEqualTo(OF_ABC);
    assertThat(Sha256.of(new ByteArrayInputStream(abc))).isEqualTo(OF_ABC);
    byte[] several = new byte[200_000];
    assertThat(Sha256.of(new ByteArrayInputStream(several))).isEqualTo(Sha256.of(several));
  }
}
