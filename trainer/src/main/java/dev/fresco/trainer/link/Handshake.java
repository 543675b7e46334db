package dev.fresco.trainer.link;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * The first words on a connection, and the answers.
 *
 * <p>A hello, big-endian: int, {@code FRLK}; short, the version of the protocol; token and job, as
 * {@link DataOutputStream#writeUTF} writes text; int, the replica; int, the attempt; int, the
 * sender's stage; int, the stage that it takes the other for. The answer to it, and to each frame:
 * byte, 1 for yes, 0 for no; after a no, why, as text.
 */
final class Handshake {
  private static final int MAGIC = 0x46524c4b;
  private static final short VERSION = 1;

  private Handshake() {}

  /** Introduces a stage. */
  static void hello(DataOutputStream out, LinkIdentity identity, int toStage) throws IOException {
    out.writeInt(MAGIC);
    out.writeShort(VERSION);
    out.writeUTF(identity.token());
    out.writeUTF(identity.job());
    out.writeInt(identity.replica());
    out.writeInt(identity.attempt());
    out.writeInt(identity.stage());
    out.writeInt(toStage);
    out.flush();
  }

  /**
   * Reads who calls.
   *
   * @return the caller's stage
   * @throws FrameException if it is nobody who belongs here
   */
  static int meet(DataInputStream in, LinkIdentity self) throws IOException {
    if (in.readInt() != MAGIC) {
      throw new FrameException("the caller does not speak the protocol of links");
    }
    short version = in.readShort();
    if (version != VERSION) {
      throw new FrameException(
          "the caller speaks version %d; this is version %d".formatted(version, VERSION));
    }
    if (!MessageDigest.isEqual(bytes(in.readUTF()), bytes(self.token()))) {
      throw new FrameException("the caller's token is wrong");
    }
    String job = in.readUTF();
    int replica = in.readInt();
    int attempt = in.readInt();
    int from = in.readInt();
    int to = in.readInt();
    if (!job.equals(self.job())
        || replica != self.replica()
        || attempt != self.attempt()
        || to != self.stage()
        || from < 0) {
      throw new FrameException(
          "stage %d of replica %d of job %s, attempt %d, looks for stage %d; this is %s"
              .formatted(from, replica, job, attempt, to, self));
    }
    return from;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static void accept(DataOutputStream out) throws IOException {
    out.writeByte(1);
    out.flush();
  }

  static void refuse(DataOutputStream out, String reason) throws IOException {
    out.writeByte(0);
    out.writeUTF(reason);
    out.flush();
  }

  /**
   * Waits for an answer.
   *
   * @throws IOException if it is no, or none comes
   */
  static void answer(DataInputStream in) throws IOException {
    int answer = in.readByte();
    if (answer == 0) {
      throw new IOException("refused by the other side: " + in.readUTF());
    }
    if (answer != 1) {
      throw new FrameException("an answer of " + answer + "; 0 or 1 can be");
    }
  }
}
