package dev.fresco.platform.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.embedded.TestBackends;
import dev.fresco.platform.RunningService;
import dev.fresco.platform.event.EventCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    return books.list("left", PageRequest.of(100, null)).items();
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
    assertThat(books.list("right", PageRequest.of(1, null)).items()).hasSize(1);
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
   * Two followers and a caller apply the same topic, each in its own time, some of it twice: in the
   * end the catalogue is what the topic says in order.
   */
  @RepeatedTest(20)
  void anyInterleavingEndsInTheTopicsOwnState(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    List<Change<Book>> topic = new ArrayList<>();
    Map<String, Book> expected = new TreeMap<>();
    for (int offset = 0; offset < 40; offset++) {
      String id = "id" + random.nextInt(6);
      Change<Book> change = random.nextInt(3) == 0 ? Change.remove(id) : put(id, "title " + offset);
      topic.add(change);
      expected.put(id, change.record());
    }
    expected.values().removeIf(book -> book == null);

    List<Integer> calls = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      calls.add(random.nextInt(topic.size()));
    }
    int[] next = {0, 0};
    while (next[0] < topic.size() || next[1] < topic.size() || !calls.isEmpty()) {
      int who = random.nextInt(3);
      if (who < 2 && next[who] < topic.size()) {
        books.follow(next[who], next[who], topic.get(next[who]));
        next[who]++;
      } else if (who == 2 && !calls.isEmpty()) {
        int offset = calls.remove(calls.size() - 1);
        books.apply(topic.get(offset), offset);
      }
    }
    assertThat(left()).containsExactlyInAnyOrderElementsOf(expected.values());
    assertThat(books.position()).isEqualTo(topic.size());
    assertThat(new StringRedisTemplate(connections).keys("*offsets*")).isEmpty();
  }
}
