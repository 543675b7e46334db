package dev.fresco.engine.checkpoint;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Writes single-file checkpoints by a table of names that diffusers has confirmed; {@code
 * make_tables.py} beside the tables tells how.
 */
public final class OriginalFile {
  private static final Path TABLES = Path.of("fixtures", "single-file");

  private final List<Row> rows;

  /**
   * @param name in the network
   * @param key in the original file
   * @param how the original holds it
   */
  record Row(String network, String name, long[] shape, String key, String how) {
    private static Row parse(String line) {
      String[] cells = line.split("\t");
      long[] shape = Stream.of(cells[2].split("x")).mapToLong(Long::parseLong).toArray();
      return new Row(cells[0], cells[1], shape, cells[3], cells[4]);
    }

    int count() {
      return (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }

    /** Numbers that no other row has. */
    float[] values() {
      Random random = new Random((network + name).hashCode());
      float[] values = new float[count()];
      for (int i = 0; i < values.length; i++) {
        values[i] = random.nextFloat() - 0.5f;
      }
      return values;
    }
  }

  public OriginalFile(String table) {
    try (Stream<String> lines = Files.lines(TABLES.resolve(table + ".tsv"))) {
      this.rows = lines.map(Row::parse).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Row> rows() {
    return rows;
  }

  /** The file's tensors, filled with what each row's tensor shall read as. */
  SafetensorsBytes tensors() {
    return tensors(Row::values);
  }

  /** The file's tensors, filled with those of a checkpoint in the folder form. */
  public SafetensorsBytes tensorsOf(Checkpoint folder) {
    Map<String, SortedMap<String, float[]>> networks = new TreeMap<>();
    for (String network : folder.family().networks()) {
      SortedMap<String, float[]> values = networks.computeIfAbsent(network, n -> new TreeMap<>());
      try (TensorSource source = folder.component(network).weights()) {
        boolean text = network.startsWith("text_encoder");
        for (String name : source.tensors().keySet()) {
          values.put(
              text && !name.startsWith("text_") ? "text_model." + name : name, source.floats(name));
        }
      }
    }
    return tensors(row -> networks.get(row.network()).get(row.name()));
  }

  SafetensorsBytes zeros() {
    return tensors(row -> new float[row.count()]);
  }

  private SafetensorsBytes tensors(Function<Row, float[]> values) {
    Map<String, List<Row>> byKey = new LinkedHashMap<>();
    rows.forEach(row -> byKey.computeIfAbsent(row.key(), key -> new ArrayList<>()).add(row));
    SafetensorsBytes file = new SafetensorsBytes();
    byKey.forEach((key, parts) -> file.floats(key, joined(parts, values), shape(parts)));
    return file;
  }

  /** A file of that many bytes without numbers in it, which takes no space on disk. */
  Path writeSparse(Path path, StoredType type) {
    Map<String, List<Row>> byKey = new LinkedHashMap<>();
    rows.forEach(row -> byKey.computeIfAbsent(row.key(), key -> new ArrayList<>()).add(row));
    List<String> entries = new ArrayList<>();
    long end = 0;
    for (Map.Entry<String, List<Row>> entry : byKey.entrySet()) {
      long[] shape = shape(entry.getValue());
      long begin = end;
      end += Arrays.stream(shape).reduce(type.bytes(), (a, b) -> a * b);
      entries.add(
          "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
              .formatted(entry.getKey(), type, Arrays.toString(shape), begin, end));
    }
    byte[] header = ("{" + String.join(",", entries) + "}").getBytes(StandardCharsets.UTF_8);
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.write(
          ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).array());
      file.write(header);
      file.setLength(8 + header.length + end);
      return path;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long[] shape(List<Row> parts) {
    long[] shape = parts.get(0).shape().clone();
    return switch (parts.get(0).how()) {
      case "squeezed" -> new long[] {shape[0], shape[1], 1, 1};
      case "transposed" -> new long[] {shape[1], shape[0]};
      default -> {
        shape[0] *= parts.size();
        yield shape;
      }
    };
  }

  private static float[] joined(List<Row> parts, Function<Row, float[]> valuesOf) {
    Row first = parts.get(0);
    if (first.how().equals("transposed")) {
      return transposed(valuesOf.apply(first), (int) first.shape()[0], (int) first.shape()[1]);
    }
    float[] joined = new float[first.count() * parts.size()];
    for (Row part : parts) {
      int place = part.how().startsWith("rows ") ? Integer.parseInt(part.how().substring(5)) : 0;
      System.arraycopy(valuesOf.apply(part), 0, joined, place * part.count(), part.count());
    }
    return joined;
  }

  private static float[] transposed(float[] values, int rows, int columns) {
    float[] other = new float[values.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        other[column * rows + row] = values[row * columns + column];
      }
    }
    return other;
  }
}
