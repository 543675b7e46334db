package dev.fresco.engine.recording;

import dev.fresco.contracts.template.RecordingKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where everything lies in a recording's file.
 *
 * <p>Goal: a step is one sequential read that says itself whether it is whole, a tensor is one
 * range, and the file can be written front to back.
 *
 * <p>Layout: the header's room, then a block for each step of the schedule, all of one size. A
 * block has the tensors in the order of computation, each on a multiple of 4 KiB, then the table of
 * their checksums:
 *
 * <pre>
 * 0          magic, header's length and checksum, header (JSON), zeros
 * dataStart  step 0: | conv_in | attn1.k | attn1.v | ... | checksums |
 * + step     step 1: | conv_in | attn1.k | attn1.v | ... | checksums |
 * </pre>
 *
 * <p>So the size of the file follows from its header, and whatever is shorter or longer is none.
 *
 * @param dataStart first byte of the first block
 * @param slabs by name, in the order of computation
 * @param windows parts of a block that are mapped as a whole
 */
record RecordingLayout(
    RecordingKey key, long dataStart, Map<String, Slab> slabs, List<Window> windows) {
  /** Of slabs and blocks, in bytes: a page of memory and of most disks. */
  static final int ALIGNMENT = 4096;

  /** Of a checksum, in bytes. */
  static final int CHECKSUM = Integer.BYTES;

  /**
   * Of a window in bytes, and so of a slab. A mapping has at most 2^31 - 1 bytes, and a process
   * some 65,000 mappings: one for each tensor and step would use them up.
   */
  static final long LARGEST_WINDOW = Integer.MAX_VALUE;

  static final int MOST_TENSORS = 16_384;
  static final int MOST_STEPS = 10_000;

  /** Some slabs that follow each other, from {@code begin} in a block. */
  record Window(long begin, long bytes) {}

  /** Says where tensors lie that come in this order. */
  static final class Builder {
    private final Map<String, Slab> slabs = new LinkedHashMap<>();
    private final List<Window> windows = new ArrayList<>();
    private final long largestWindow;
    private long end;

    Builder() {
      this(LARGEST_WINDOW);
    }

    Builder(long largestWindow) {
      this.largestWindow = largestWindow;
    }

    /**
     * @throws IllegalArgumentException if it cannot be stored
     */
    Slab add(String name, StoredForm form, long[] shape) {
      if (slabs.size() == MOST_TENSORS) {
        throw new IllegalArgumentException("there are over " + MOST_TENSORS + " tensors a step");
      }
      long bytes = bytes(name, form, shape);
      List<Long> axes = new ArrayList<>();
      for (long axis : shape) {
        axes.add(axis);
      }
      long begin = aligned(end);
      int window = window(begin, bytes);
      Slab slab = new Slab(slabs.size(), name, form, List.copyOf(axes), window, begin, bytes);
      if (slabs.putIfAbsent(name, slab) != null) {
        throw new IllegalArgumentException("tensor " + name + " comes twice in a step");
      }
      end = slab.end();
      return slab;
    }

    private int window(long begin, long bytes) {
      int last = windows.size() - 1;
      if (last >= 0 && begin + bytes - windows.get(last).begin() <= largestWindow) {
        Window open = windows.get(last);
        windows.set(last, new Window(open.begin(), begin + bytes - open.begin()));
        return last;
      }
      windows.add(new Window(begin, bytes));
      return last + 1;
    }

    private static long bytes(String name, StoredForm form, long[] shape) {
      // Of the numbers as they are handed out, which are no fewer than those in the file.
      long bytes = form.type().bytes();
      for (long axis : shape) {
        if (axis < 1 || axis > LARGEST_WINDOW / bytes) {
          throw new IllegalArgumentException(
              "tensor %s in form %s and shape %s does not have 1 to %d bytes"
                  .formatted(name, form, Arrays.toString(shape), LARGEST_WINDOW));
        }
        bytes *= axis;
      }
      long row = shape.length == 0 ? 1 : shape[shape.length - 1];
      return form.bytes(bytes / form.type().bytes(), row);
    }

    RecordingLayout build(RecordingKey key, long dataStart) {
      return new RecordingLayout(key, dataStart, slabs, windows);
    }
  }

  int steps() {
    return key.steps();
  }

  /** Of the table of checksums in a block. */
  long tableOffset() {
    long end = 0;
    for (Slab slab : slabs.values()) {
      end = slab.end();
    }
    return aligned(end);
  }

  /** A checksum for each tensor, and one over them. */
  int tableBytes() {
    return CHECKSUM * (slabs.size() + 1);
  }

  long blockBytes() {
    return aligned(tableOffset() + tableBytes());
  }

  long blockStart(int step) {
    return dataStart + step * blockBytes();
  }

  /** Of the whole file. At most 2^14 tensors of 2^31 bytes in 10,000 steps: no overflow. */
  long fileBytes() {
    return blockStart(steps());
  }

  static long aligned(long offset) {
    return (offset + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }
}
