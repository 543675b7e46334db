package dev.fresco.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Listing jobs. */
class JobListTest extends GatewayTest {
  private final String team = "t" + UUID.randomUUID();

  private String labelled(String prompt) {
    return caller
        .postJob("{\"prompt\":\"" + prompt + "\",\"labels\":{\"team\":\"" + team + "\"}}")
        .text("/id");
  }

  private static List<String> ids(Caller.Answer page) {
    return page.json().get("items").valueStream().map(job -> job.get("id").asString()).toList();
  }

  @Test
  void jobsAreListedNewestFirstAndPagesJoinWithoutGaps() {
    List<String> made = new ArrayList<>();
    for (int n = 0; n < 5; n++) {
      made.add(0, labelled("fox " + n));
      caller.acceptedJob();
    }
    List<String> seen = new ArrayList<>();
    String cursor = "";
    do {
      Caller.Answer page = caller.get("/v1/jobs?limit=2&label.team=" + team + cursor);
      assertThat(page.status()).isEqualTo(200);
      seen.addAll(ids(page));
      // A job that comes meanwhile is newer than all that follows and moves nothing.
      labelled("late fox");
      cursor = page.text("/nextCursor") == null ? null : "&cursor=" + page.text("/nextCursor");
    } while (cursor != null);
    assertThat(seen).isEqualTo(made);
  }

  @Test
  void filtersJoin() {
    String running = labelled("one");
    String queued = labelled("two");
    backstage.started(running);
    awaitState(running, "RUNNING");
    assertThat(ids(caller.get("/v1/jobs?label.team=" + team))).containsExactly(queued, running);
    assertThat(ids(caller.get("/v1/jobs?state=RUNNING&label.team=" + team)))
        .containsExactly(running);
    assertThat(ids(caller.get("/v1/jobs?state=QUEUED&kind=text-to-image&label.team=" + team)))
        .containsExactly(queued);
    assertThat(ids(caller.get("/v1/jobs?state=FAILED&label.team=" + team))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "state=DONE, state",
    "state=running, state",
    "kind=video, kind",
    "limit=0, limit",
    "limit=101, limit",
    "limit=ten, limit",
    "limit=-1, limit",
    "cursor=abc, cursor",
    "sort=asc, sort",
    "state=QUEUED&state=RUNNING, state"
  })
  void aWrongParameterIsNamed(String query, String field) {
    Caller.Answer answer = caller.get("/v1/jobs?" + query);
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.text("/errors/0/field")).isEqualTo(field);
  }
}
