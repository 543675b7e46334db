package dev.fresco.engine.mask;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.kernel.AdapterTerms;
import dev.fresco.engine.recording.RecordedTensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What one forward pass over active tokens holds on to, and where the rest of the maps comes from
 * or goes to.
 */
public final class ActivePass {
  private final NDManager scope;
  private final NDArray time;
  private final AdapterTerms terms;
  private final ActiveLayout layout;
  private final List<Integer> steps;
  private final Keeping keeping;
  private final Deque<NDArray> skips = new ArrayDeque<>();

  /**
   * @param time {@code [rows, time channels]}, after SiLU
   * @param steps of the whole schedule that each member is at
   * @param keeping takes what members without a recording leave behind
   */
  public ActivePass(
      NDManager scope,
      NDArray time,
      AdapterTerms terms,
      ActiveLayout layout,
      List<Integer> steps,
      Keeping keeping) {
    this.scope = scope;
    this.time = time;
    this.terms = terms;
    this.layout = layout;
    this.steps = steps;
    this.keeping = keeping;
  }

  public NDManager scope() {
    return scope;
  }

  public NDArray time() {
    return time;
  }

  public AdapterTerms terms() {
    return terms;
  }

  public ActiveLayout layout() {
    return layout;
  }

  public Deque<NDArray> skips() {
    return skips;
  }

  /** Recorded tensors: the first of each member, then the second of each, and so on. */
  public List<NDArray> recorded(List<String> names) {
    return names.stream().flatMap(name -> recorded(name).stream()).toList();
  }

  /**
   * A recorded tensor of each member; bf16 as if it were fp16, and empty for members without a
   * recording.
   */
  private List<NDArray> recorded(String name) {
    List<NDArray> each = new ArrayList<>();
    for (int i = 0; i < layout.members().size(); i++) {
      ActiveMember member = layout.members().get(i);
      each.add(
          member.recording() == null
              ? scope.create(new float[0], new Shape(0))
              : array(member.recording().tensor(steps.get(i), name)));
    }
    return each;
  }

  private NDArray array(RecordedTensor tensor) {
    DataType type = tensor.type() == RecordedTensor.Type.FP32 ? DataType.FLOAT32 : DataType.FLOAT16;
    return scope.create(tensor.data(), new Shape(tensor.shape()), type);
  }

  /**
   * Hands on the rows of members without a recording.
   *
   * @param tokens {@code [tokens of all members, channels]}
   */
  public void keep(String name, NDArray tokens, int level) {
    long[] counts = layout.counts(level);
    long first = 0;
    for (int i = 0; i < layout.members().size(); i++) {
      long count = counts[2 * i] * counts[2 * i + 1];
      if (keeping.wants(i)) {
        keeping.map(i, name, tokens, new Rows(first, first + count, counts[2 * i]));
      }
      first += count;
    }
  }

  /** A member's tokens, {@code rows} times as many as a map has places. */
  public record Rows(long first, long last, long rows) {}

  /** Names of what a norm is recorded by: mean and variance, and each place's part in them. */
  public static List<String> norm(String name) {
    return List.of(name, name + ".parts");
  }

  /**
   * Hands on what a norm is recorded by.
   *
   * @param made statistics of each member, then parts of each
   */
  public void keepNorm(String name, List<NDArray> made) {
    int members = layout.members().size();
    keepEach(norm(name).get(0), made.subList(0, members), false);
    keepEach(norm(name).get(1), made.subList(members, 2 * members), true);
  }

  /** Hands on a tensor of each member without a recording, as bf16 or as it is. */
  public void keepEach(String name, List<NDArray> each, boolean half) {
    for (int i = 0; i < each.size(); i++) {
      if (keeping.wants(i)) {
        keeping.whole(i, name, each.get(i), half);
      }
    }
  }

  /** Takes what a pass leaves behind. */
  public interface Keeping {
    /** Nobody records. */
    Keeping NOTHING =
        new Keeping() {
          @Override
          public boolean wants(int member) {
            return false;
          }

          @Override
          public void map(int member, String name, NDArray tokens, Rows rows) {}

          @Override
          public void whole(int member, String name, NDArray tensor, boolean half) {}
        };

    boolean wants(int member);

    /**
     * @param tokens of which the member's are taken
     */
    void map(int member, String name, NDArray tokens, Rows rows);

    /**
     * @param half whether to keep it as bf16
     */
    void whole(int member, String name, NDArray tensor, boolean half);
  }
}
