package dev.fresco.trainer.link;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** A connection to another stage, for one message at a time. It may be closed by any thread. */
final class PeerConnection implements AutoCloseable {
  private final Socket socket = new Socket();
  private DataInputStream in;
  private DataOutputStream out;

  /**
   * Connects and introduces itself.
   *
   * @throws IOException if there is no connection, or the other side does not want this stage
   */
  void open(InetSocketAddress address, LinkIdentity self, int toStage, Duration replyLimit)
      throws IOException {
    int millis = (int) Math.min(Integer.MAX_VALUE, Math.max(1, replyLimit.toMillis()));
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(millis);
    socket.connect(address, millis);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
    Handshake.hello(out, self, toStage);
    Handshake.answer(in);
  }

  /** Returns when the other side has the frame's message. */
  void deliver(byte[] frame) throws IOException {
    out.write(frame);
    out.flush();
    Handshake.answer(in);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // It is given up anyway.
    }
  }
}
