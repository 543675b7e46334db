package dev.fresco.engine.recording;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The table at the end of a step's block: the CRC-32C of each tensor's stored bytes, then the
 * CRC-32C of the header's checksum, the step's number and this table. So a block of another
 * recording, or in another step's place, is noticed too.
 */
final class BlockChecksums {
  private BlockChecksums() {}

  static int of(ByteBuffer data) {
    CRC32C checksum = new CRC32C();
    checksum.update(data.duplicate());
    return (int) checksum.getValue();
  }

  static ByteBuffer write(int headerChecksum, int step, int[] checksums) {
    ByteBuffer table =
        ByteBuffer.allocate((checksums.length + 1) * RecordingLayout.CHECKSUM)
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int checksum : checksums) {
      table.putInt(checksum);
    }
    int over = over(headerChecksum, step, table.duplicate().flip());
    return table.putInt(over).flip();
  }

  /**
   * The tensors' checksums, or null if the table is damaged.
   *
   * @param table little-endian
   */
  static int[] read(int headerChecksum, int step, ByteBuffer table) {
    int[] checksums = new int[table.remaining() / RecordingLayout.CHECKSUM - 1];
    int start = table.position();
    for (int i = 0; i < checksums.length; i++) {
      checksums[i] = table.getInt();
    }
    ByteBuffer sums = table.duplicate().flip().position(start);
    return table.getInt() == over(headerChecksum, step, sums) ? checksums : null;
  }

  private static int over(int headerChecksum, int step, ByteBuffer sums) {
    ByteBuffer place = ByteBuffer.allocate(2 * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    CRC32C checksum = new CRC32C();
    checksum.update(place.putInt(headerChecksum).putInt(step).flip());
    checksum.update(sums);
    return (int) checksum.getValue();
  }
}
