package dev.fresco.platform.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.embedded.TestBackends;
import dev.fresco.platform.RunningService;
import dev.fresco.platform.event.EventCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

class CatalogueTest {
  private static LettuceConnectionFactory connections;

  private Catalogue<Book> books;

  record Book(String id, String shelf, long at, String title) {}

  @BeforeAll
  static void connect() {
    connections = new LettuceConnectionFactory(TestBackends.redisHost(), TestBackends.redisPort());
    connections.afterPropertiesSet();
    connections.start();
  }

  @AfterAll
  static void disconnect() {
    connections.destroy();
  }

  @BeforeEach
  void open() {
    RunningService.flushRedis();
    books =
        new Catalogue<>(
            new StringRedisTemplate(connections),
            new EventCodec(),
            "books",
            Book.class,
            book -> new Listed(List.of(book.shelf()), Instant.ofEpochMilli(book.at())));
  }

  private static Change<Book> put(String id, String title) {
    return Change.put(id, new Book(id, "left", id.hashCode(), title));
  }

  private List<Book> left() {
    return books.list("left", new PageRequest(100, null)).items();
  }

  @Test
  void aCallerReadsItsWriteBeforeTheFollowerComes() {
    books.apply(put("a", "one"), 5);
    assertThat(books.find("a").orElseThrow().title()).isEqualTo("one");
    assertThat(books.position()).isZero();
  }

  @Test
  void aLateRegistrationDoesNotReviveWhatWasDeleted() {
    books.apply(Change.remove("a"), 5);
    books.follow(0, 3, put("a", "late"));
    assertThat(books.find("a")).isEmpty();
    books.follow(4, 5, Change.remove("a"));
    books.apply(put("a", "very late"), 3);
    assertThat(books.find("a")).isEmpty();
    books.apply(put("a", "new"), 6);
    assertThat(books.find("a")).isPresent();
  }

  @Test
  void aRecordThatMovesLeavesItsOldShelf() {
    books.apply(put("a", "one"), 1);
    books.apply(Change.put("a", new Book("a", "right", 7, "one")), 2);
    assertThat(left()).isEmpty();
    assertThat(books.list("right", new PageRequest(1, null)).items()).hasSize(1);
    assertThat(books.size()).isEqualTo(1);
  }

  @Test
  void aFollowerLearnsThatRedisLostItsPosition() {
    assertThat(books.follow(0, 0, put("a", "one"))).isEqualTo(1);
    RunningService.flushRedis();
    assertThat(books.follow(1, 1, put("b", "two"))).isZero();
    assertThat(books.size()).isZero();
  }

  @Test
  void recordsOfAnotherTopicAreForgotten() {
    books.belongTo("topic-1");
    books.follow(0, 0, put("a", "one"));
    books.belongTo("topic-1");
    assertThat(books.position()).isEqualTo(1);
    books.belongTo("topic-2");
    assertThat(books.position()).isZero();
    assertThat(books.size()).isZero();
    assertThat(left()).isEmpty();
  }

  /**
   * Two followers and a caller apply the same topic, each in its own time, some of it twice: at any
   * moment an id stands for the latest of its changes that anybody has applied.
   */
  @RepeatedTest(20)
  void theLatestAppliedChangeStandsInAnyInterleaving(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    List<Change<Book>> topic = new ArrayList<>();
    for (int offset = 0; offset < 40; offset++) {
      String id = "id" + random.nextInt(6);
      topic.add(random.nextInt(3) == 0 ? Change.remove(id) : put(id, "title " + offset));
    }
    Map<String, Integer> latest = new TreeMap<>();
    int[] next = {0, 0};
    int calls = 60;
    while (next[0] < topic.size() || next[1] < topic.size() || calls > 0) {
      int who = random.nextInt(3);
      int offset = who < 2 ? next[who] : random.nextInt(topic.size());
      if (offset == topic.size()) {
        continue;
      }
      Change<Book> change = topic.get(offset);
      if (who < 2) {
        books.follow(offset, offset, change);
        next[who]++;
      } else {
        books.apply(change, offset);
        calls--;
      }
      latest.merge(change.id(), offset, Math::max);
      List<Book> expected =
          latest.values().stream()
              .map(o -> topic.get(o).record())
              .filter(Objects::nonNull)
              .toList();
      assertThat(left()).containsExactlyInAnyOrderElementsOf(expected);
    }
    assertThat(books.position()).isEqualTo(topic.size());
    assertThat(new StringRedisTemplate(connections).keys("*offsets*")).isEmpty();
  }
}
