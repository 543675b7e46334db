package dev.fresco.platform.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.platform.recording.RecordingFolder.Held;
import dev.fresco.platform.recording.RecordingFolder.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingFolderTest {
  private static final long LIMIT = 100;

  @TempDir Path place;
  private final List<String> news = new ArrayList<>();
  private Instant now = Instant.parse("2026-01-02T03:04:05Z");
  private RecordingFolder<TextRecording> folder;

  private final RecordingFolder.Listener<TextRecording> listener =
      new RecordingFolder.Listener<>() {
        @Override
        public void kept(String id, TextRecording recording) {
          news.add("+" + id.charAt(4));
        }

        @Override
        public void left(String id, Reason reason) {
          news.add("-" + id.charAt(4) + " " + reason);
        }
      };

  @BeforeEach
  void open() {
    folder = reopened(LIMIT, 0);
  }

  private RecordingFolder<TextRecording> reopened(long limit, long reserve) {
    Clock ticking =
        new Clock() {
          @Override
          public Instant instant() {
            now = now.plusSeconds(1);
            return now;
          }

          @Override
          public ZoneOffset getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(java.time.ZoneId zone) {
            return InstantSource.system().withZone(zone);
          }
        };
    RecordingFolder<TextRecording> opened =
        new RecordingFolder<>(
            new RecordingFolder.Settings(place, limit, "a.knob", reserve),
            TextRecording.FORMAT,
            ticking);
    opened.open(listener);
    return opened;
  }

  private static String id(char name) {
    return "rec_" + String.valueOf(name).repeat(32);
  }

  private Path file(char name) {
    return place.resolve(id(name) + ".frec");
  }

  private void keep(char name, int bytes) throws IOException {
    try (RecordingDraft<TextRecording> draft = folder.draft(id(name)).orElseThrow()) {
      draft.room(bytes);
      Files.writeString(draft.part(), "sound" + " ".repeat(bytes - 5));
      assertThat(folder.take(id(name))).isEmpty();
      Files.move(draft.part(), draft.file());
      draft.keep();
    }
  }

  private List<Character> names() {
    return folder.held().stream().map(Held::id).map(id -> id.charAt(4)).sorted().toList();
  }

  @Test
  void theLeastRecentlyUsedMakesRoom() throws IOException {
    keep('a', 40);
    keep('b', 40);
    folder.take(id('a')).orElseThrow().close();
    keep('c', 40);
    assertThat(names()).containsExactly('a', 'c');
    assertThat(file('b')).doesNotExist();
    assertThat(news).containsExactly("+a", "+b", "-b ROOM", "+c");
    assertThat(folder.bytes()).isEqualTo(80);
  }

  @Test
  void whatIsInUseStays() throws IOException {
    keep('a', 40);
    keep('b', 40);
    try (RecordingLease<TextRecording> used = folder.take(id('a')).orElseThrow();
        RecordingLease<TextRecording> alsoUsed = folder.take(id('b')).orElseThrow()) {
      assertThatThrownBy(() -> keep('c', 40))
          .isInstanceOf(RecordingUnavailableException.class)
          .hasMessageContaining("40 bytes: others are in use")
          .hasMessageContaining("100 (a.knob)");
      assertThat(used.recording().closed).isFalse();
    }
    assertThatThrownBy(() -> keep('c', 101)).hasMessageContaining("larger than all");
    assertThat(names()).containsExactly('a', 'b');
    assertThat(place.toFile().list()).hasSize(2);
    keep('c', 40);
  }

  @Test
  void whatIsRemovedWhileItIsUsedGoesWithItsLastUse() throws IOException {
    keep('a', 40);
    RecordingLease<TextRecording> first = folder.take(id('a')).orElseThrow();
    RecordingLease<TextRecording> second = folder.take(id('a')).orElseThrow();
    assertThat(folder.remove(id('a'), Reason.REQUESTED)).isTrue();
    assertThat(folder.remove(id('a'), Reason.REQUESTED)).isFalse();
    assertThat(folder.take(id('a'))).isEmpty();
    first.close();
    first.close();
    assertThat(file('a')).exists();
    second.close();
    assertThat(file('a')).doesNotExist();
    assertThat(second.recording().closed).isTrue();
    assertThat(news).containsExactly("+a", "-a REQUESTED");
  }

  @Test
  void aDiskThatIsAlmostFullCounts() throws IOException {
    keep('a', 40);
    folder = reopened(LIMIT, Long.MAX_VALUE / 2);
    // Nothing may be added; what is there may be replaced.
    assertThatThrownBy(() -> keep('b', 41)).hasMessageContaining("or 40 by the disk");
    keep('b', 40);
    assertThat(names()).containsExactly('b');
  }

  @Test
  void whatWasThereIsThereAgainInTheOrderOfItsUse() throws IOException {
    keep('a', 40);
    keep('b', 40);
    folder.take(id('a')).orElseThrow().close();
    folder.close();
    Files.writeString(place.resolve(id('d') + ".frec.part"), "sou");
    Files.writeString(file('e'), "broken");
    Files.writeString(place.resolve("notes.txt"), "mine");
    news.clear();
    folder = reopened(LIMIT, 0);
    assertThat(names()).containsExactly('a', 'b');
    assertThat(news).containsExactlyInAnyOrder("+a", "+b", "-e DAMAGED");
    assertThat(place.toFile().list())
        .containsExactlyInAnyOrder(id('a') + ".frec", id('b') + ".frec", "notes.txt");
    keep('c', 40);
    assertThat(names()).containsExactly('a', 'c');
  }

  @Test
  void aLowerLimitHoldsFromTheStart() throws IOException {
    keep('a', 40);
    keep('b', 40);
    folder.close();
    Files.setLastModifiedTime(file('a'), FileTime.from(now));
    folder = reopened(50, 0);
    assertThat(names()).hasSize(1);
  }

  @Test
  void aDraftThatIsGivenUpLeavesNothing() throws IOException {
    RecordingDraft<TextRecording> draft = folder.draft(id('a')).orElseThrow();
    draft.room(90);
    Files.writeString(draft.part(), "so");
    assertThat(folder.draft(id('a'))).isEmpty();
    assertThatThrownBy(() -> keep('b', 20)).hasMessageContaining("others are in use");
    draft.close();
    assertThat(place).isEmptyDirectory();
    assertThat(folder.bytes()).isZero();
    keep('b', 20);
    assertThat(folder.draft(id('a'))).isPresent();
  }

  @Test
  void aDamagedFileIsNotKept() throws IOException {
    try (RecordingDraft<TextRecording> draft = folder.draft(id('a')).orElseThrow()) {
      Files.writeString(draft.file(), "broken");
      assertThatThrownBy(draft::keep).hasMessageContaining("damaged");
    }
    assertThat(place).isEmptyDirectory();
    assertThatThrownBy(() -> folder.draft("../x")).isInstanceOf(IllegalArgumentException.class);
  }
}
