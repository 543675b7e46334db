package dev.fresco.engine.checkpoint;

import dev.fresco.engine.EngineException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Tells one checkpoint from another by its configurations and weights: SHA-256 over each file's
 * path, length and CRC-32C. The checksum runs at memory speed, so it does not delay a load.
 */
public final class CheckpointRevision {
  private static final int DIGITS = 16;
  private static final int CHUNK = 1 << 22;

  private CheckpointRevision() {}

  /**
   * @return 16 hexadecimal digits
   * @throws EngineException if a file cannot be read
   */
  public static String of(Path folder) {
    try (Stream<Path> walk = Files.walk(folder)) {
      List<Path> files =
          walk.filter(Files::isRegularFile).filter(CheckpointRevision::counts).sorted().toList();
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Path file : files) {
        String line =
            folder.relativize(file) + " " + Files.size(file) + " " + checksum(file) + "\n";
        digest.update(line.getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
    } catch (IOException e) {
      throw new EngineException(folder + ": cannot be read: " + e, e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static boolean counts(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".json") || name.endsWith(".safetensors") || name.equals("merges.txt");
  }

  private static long checksum(Path file) throws IOException {
    CRC32C checksum = new CRC32C();
    ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
    try (FileChannel channel = FileChannel.open(file)) {
      while (channel.read(buffer) >= 0) {
        checksum.update(buffer.flip());
        buffer.clear();
      }
    }
    return checksum.getValue();
  }
}
