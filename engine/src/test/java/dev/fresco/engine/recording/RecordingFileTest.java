package dev.fresco.engine.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.contracts.template.RecordingKey;
import dev.fresco.engine.EngineException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingFileTest {
  private static final int STEPS = 3;
  private final RecordingKey key = RecordedNumbers.key(1, STEPS);

  @TempDir Path folder;

  private Path written() {
    Path file = folder.resolve(key.id() + ".frec");
    RecordedNumbers.write(file, key);
    return file;
  }

  @Test
  void whatWasPutIsRead() throws IOException {
    Path file = written();
    try (RecordingFile recording = RecordingFile.open(file)) {
      assertThat(recording.key()).isEqualTo(key);
      assertThat(recording.steps()).isEqualTo(STEPS);
      assertThat(recording.names()).containsExactly("conv_in", "attn1.k");
      assertThat(recording.bytes()).isEqualTo(Files.size(file));
      for (int step = 0; step < STEPS; step++) {
        RecordedTensor conv = recording.tensor(step, "conv_in");
        assertThat(conv.shape()).containsExactly(2, 3, 5, 7);
        assertThat(conv.type()).isEqualTo(RecordedTensor.Type.FP32);
        for (int i = 0; i < 210; i++) {
          assertThat(conv.data().getFloat(4 * i))
              .isEqualTo(RecordedNumbers.number(step, "conv_in", i));
        }
        RecordedTensor keys = recording.tensor(step, "attn1.k");
        assertThat(keys.type()).isEqualTo(RecordedTensor.Type.BF16);
        assertThat(keys.data().remaining()).isEqualTo(44);
        assertThat(keys.data().getShort(42)).isEqualTo((short) (step * 100 + 42));
        assertThat(keys.data().isReadOnly()).isTrue();
      }
      recording.verify();
    }
  }

  @Test
  void slabsAndBlocksBeginOnPages() throws IOException {
    byte[] bytes = Files.readAllBytes(written());
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int block = 3 * RecordingLayout.ALIGNMENT;
    assertThat(bytes.length).isEqualTo(RecordingHeader.ROOM + STEPS * block);
    for (int step = 0; step < STEPS; step++) {
      int start = RecordingHeader.ROOM + step * block;
      assertThat(file.getFloat(start)).isEqualTo(RecordedNumbers.number(step, "conv_in", 0));
      assertThat(file.getShort(start + RecordingLayout.ALIGNMENT)).isEqualTo((short) (step * 100));
    }
  }

  @Test
  void nothingIsSeenBeforeItIsWhole() throws IOException {
    Path file = folder.resolve("a.frec");
    List<Long> asked = new ArrayList<>();
    RecordingWriter writer = new RecordingWriter(file, key, asked::add);
    for (int step = 0; step < STEPS; step++) {
      RecordedNumbers.put(writer, step);
      assertThat(file).doesNotExist();
      assertThat(asked).hasSize(Math.min(step, 1));
    }
    assertThatThrownBy(() -> RecordingFile.open(folder.resolve("a.frec.part")))
        .isInstanceOf(RecordingDamagedException.class);
    writer.finish();
    assertThat(asked).containsExactly(Files.size(file));
    writer.close();
    assertThat(folder).isDirectoryContaining(path -> path.equals(file));
    assertThat(folder.toFile().list()).hasSize(1);
  }

  @Test
  void aRecordingThatIsGivenUpLeavesNothing() {
    RecordingWriter writer = new RecordingWriter(folder.resolve("a.frec"), key, bytes -> {});
    RecordedNumbers.put(writer, 0);
    writer.abandon();
    assertThat(folder).isEmptyDirectory();
    assertThatThrownBy(() -> RecordedNumbers.put(writer, 1)).hasMessageContaining("given up");
  }

  @Test
  void withoutRoomThereIsNoRecording() {
    RecordingWriter writer =
        new RecordingWriter(
            folder.resolve("a.frec"),
            key,
            bytes -> {
              throw new EngineException("no room for " + bytes);
            });
    RecordedNumbers.put(writer, 0);
    assertThatThrownBy(() -> RecordedNumbers.put(writer, 1)).hasMessageContaining("no room for 2");
    assertThatThrownBy(() -> RecordedNumbers.put(writer, 1)).hasMessageContaining("no room for 2");
    assertThatThrownBy(writer::finish).isInstanceOf(EngineException.class);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aFullDiskIsSaid() {
    // Writing to this device fails as on a full disk; it cannot be renamed or removed either.
    Path full = Path.of("/dev/full");

    Path link = folder.resolve("a.frec.part");
    RecordingWriter writer =
        new RecordingWriter(
            folder.resolve("a.frec"),
            key,
            bytes -> {},
            tensor -> false,
            path -> {
              Files.createSymbolicLink(link, full);
              return FileChannel.open(link, StandardOpenOption.WRITE);
            });
    assertThatThrownBy(() -> RecordedNumbers.put(writer, 0))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("No space left on device");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void stepsMustHaveTheSameTensors() {
    wrong("steps 0 only", "ends after step 0", writer -> writer.finish());
    wrong(
        "left out",
        "has 1 tensors",
        writer -> {
          writer.put(1, RecordedNumbers.floats(1, "conv_in", 2, 3, 5, 7));
          writer.put(2, RecordedNumbers.floats(2, "conv_in", 2, 3, 5, 7));
        });
    wrong(
        "another shape",
        "place 0",
        writer -> writer.put(1, RecordedNumbers.floats(1, "conv_in", 2, 3, 7, 5)));
    wrong("another name", "place 0", writer -> writer.put(1, RecordedNumbers.floats(1, "x", 2)));
    wrong("a step over", "does not follow", writer -> RecordedNumbers.put(writer, 2));
    wrong("a step back", "place 2", writer -> RecordedNumbers.put(writer, 0));
    wrong(
        "too many steps",
        "does not follow",
        writer -> {
          for (int step = 1; step <= STEPS; step++) {
            RecordedNumbers.put(writer, step);
          }
        });
  }

  private void wrong(String what, String said, java.util.function.Consumer<RecordingWriter> put) {
    RecordingWriter writer = new RecordingWriter(folder.resolve("a.frec"), key, bytes -> {});
    RecordedNumbers.put(writer, 0);
    if (said.equals("place 2")) {
      assertThatThrownBy(() -> put.accept(writer)).as(what).hasMessageContaining("comes twice");
    } else {
      assertThatThrownBy(() -> put.accept(writer)).as(what).hasMessageContaining(said);
    }
    assertThat(folder).as(what).isEmptyDirectory();
  }

  @Test
  void damageIsFoundWhereItIs() throws IOException {
    Path file = written();
    flip(file, RecordingHeader.ROOM + 3 * RecordingLayout.ALIGNMENT + 17);
    try (RecordingFile recording = RecordingFile.open(file)) {
      recording.tensor(0, "conv_in");
      recording.tensor(1, "attn1.k");
      assertThatThrownBy(() -> recording.tensor(1, "conv_in"))
          .isInstanceOf(RecordingDamagedException.class)
          .hasMessageContaining("checksum of conv_in in step 1");
      assertThatThrownBy(recording::verify).isInstanceOf(RecordingDamagedException.class);
    }
  }

  private static void flip(Path file, long place) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(place);
      int old = bytes.read();
      bytes.seek(place);
      bytes.write(old ^ 4);
    }
  }

  @Test
  void blocksInEachOthersPlaceAreDamage() throws IOException {
    Path file = written();
    int block = 3 * RecordingLayout.ALIGNMENT;
    byte[] bytes = Files.readAllBytes(file);
    byte[] swapped = bytes.clone();
    System.arraycopy(bytes, RecordingHeader.ROOM, swapped, RecordingHeader.ROOM + block, block);
    Files.write(file, swapped);
    try (RecordingFile recording = RecordingFile.open(file)) {
      recording.tensor(0, "conv_in");
      assertThatThrownBy(() -> recording.tensor(1, "conv_in")).hasMessageContaining("step 1");
    }
  }

  @Test
  void aFileBeyondTwoGibibytesIsRead() throws IOException {
    Path file = folder.resolve("large.frec");
    RecordingLayout.Builder builder = new RecordingLayout.Builder();
    builder.add("a", StoredForm.FP32, new long[] {400 << 20});
    builder.add("b", StoredForm.FP32, new long[] {400 << 20});
    builder.add("c", StoredForm.FP32, new long[] {2, 3});
    RecordingLayout layout = builder.build(key, RecordingHeader.ROOM);
    assertThat(layout.fileBytes()).isGreaterThan(9L << 30);
    assertThat(layout.windows()).hasSize(2);
    RecordedTensor last = RecordedNumbers.floats(2, "c", 2, 3);
    ByteBuffer header = RecordingHeader.write(layout);
    int[] sums = {0, 0, BlockChecksums.of(last.data())};
    // Almost all of it is a hole.
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.setLength(layout.fileBytes());
      FileChannel channel = bytes.getChannel();
      int checksum = RecordingHeader.checksum(header);
      channel.write(header, 0);
      channel.write(last.data(), layout.blockStart(2) + layout.slabs().get("c").offset());
      channel.write(
          BlockChecksums.write(checksum, 2, sums), layout.blockStart(2) + layout.tableOffset());
    }
    try (RecordingFile recording = RecordingFile.open(file)) {
      assertThat(recording.tensor(2, "c").data().getFloat(20))
          .isEqualTo(RecordedNumbers.number(2, "c", 5));
    }
  }

  @Test
  void whatIsHandedOutStaysWhenTheFileIsGone() throws IOException {
    Path file = written();
    RecordedTensor tensor;
    try (RecordingFile recording = RecordingFile.open(file)) {
      tensor = recording.tensor(2, "conv_in");
      Files.delete(file);
      assertThat(recording.tensor(1, "conv_in").data().getFloat(0))
          .isEqualTo(RecordedNumbers.number(1, "conv_in", 0));
    }
    assertThat(tensor.data().getFloat(4)).isEqualTo(RecordedNumbers.number(2, "conv_in", 1));
  }

  @Test
  void whatIsNotInItIsRefused() {
    try (RecordingFile recording = RecordingFile.open(written())) {
      assertThatThrownBy(() -> recording.tensor(3, "conv_in")).hasMessageContaining("0 to 2");
      assertThatThrownBy(() -> recording.tensor(0, "x")).hasMessageContaining("no tensor x");
    }
    assertThatThrownBy(() -> RecordingFile.open(folder.resolve("none")))
        .isInstanceOf(EngineException.class)
        .isNotInstanceOf(RecordingDamagedException.class);
  }

  @Test
  void int8HalvesTheBytesAndStaysWithinHalfAScale() throws IOException {
    Path file = folder.resolve("small.frec");
    RecordingKey one = RecordedNumbers.key(2, 1);
    Random random = new Random(7);
    int rows = 50;
    int row = 333;
    ByteBuffer values = ByteBuffer.allocate(2 * rows * row).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < rows * row; i++) {
      // Rows of sizes from 2^-20 on, one of them all zeros.
      double size = i / row == 3 ? 0 : Math.pow(2, i / row - 20.0);
      float value = (float) (random.nextGaussian() * size);
      values.putShort((short) (Float.floatToIntBits(value) >>> 16));
    }
    values.flip();
    try (RecordingWriter writer =
        new RecordingWriter(file, one, bytes -> {}, tensor -> !tensor.name().endsWith(".parts"))) {
      long[] shape = {2, rows / 2, row};
      writer.put(0, new RecordedTensor("map", RecordedTensor.Type.BF16, shape, values));
      writer.put(0, new RecordedTensor("norm.parts", RecordedTensor.Type.BF16, shape, values));
      writer.put(0, RecordedNumbers.floats(0, "norm", 2, 2));
      writer.finish();
    }
    try (RecordingFile recording = RecordingFile.open(file)) {
      recording.verify();
      assertThat(recording.bytes("norm.parts")).isEqualTo(2 * rows * row);
      assertThat(recording.bytes("map")).isEqualTo(16652 + 4 * rows);
      assertThat(recording.tensor(0, "norm.parts").data()).isEqualTo(values);
      assertThat(recording.tensor(0, "norm").type()).isEqualTo(RecordedTensor.Type.FP32);
      RecordedTensor map = recording.tensor(0, "map");
      assertThat(map.type()).isEqualTo(RecordedTensor.Type.BF16);
      for (int r = 0; r < rows; r++) {
        float largest = 0;
        for (int i = r * row; i < (r + 1) * row; i++) {
          largest = Math.max(largest, Math.abs(bf16(values, i)));
        }
        for (int i = r * row; i < (r + 1) * row; i++) {
          float read = bf16(map.data(), i);
          double bound = largest / 254.0 + Math.abs(read) / 256.0;
          assertThat(Math.abs(read - bf16(values, i))).isLessThanOrEqualTo((float) (bound * 1.001));
        }
      }
    }
  }

  private static float bf16(ByteBuffer numbers, int i) {
    return Float.intBitsToFloat(numbers.getShort(2 * i) << 16);
  }

  @Test
  void whatIsNotFiniteIsNotQuantised() {
    ByteBuffer values = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    values.putShort(6, (short) 0x7f80);
    RecordingWriter writer =
        new RecordingWriter(folder.resolve("a.frec"), key, bytes -> {}, tensor -> true);
    assertThatThrownBy(
            () ->
                writer.put(
                    0,
                    new RecordedTensor("x", RecordedTensor.Type.BF16, new long[] {2, 2}, values)))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("number 3 is not finite");
    assertThat(folder).isEmptyDirectory();
  }
}
