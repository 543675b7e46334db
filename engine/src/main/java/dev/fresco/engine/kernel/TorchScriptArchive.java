package dev.fresco.engine.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Wraps source text in TorchScript's serialised dialect into the archive that PyTorch loads: a zip
 * of stored entries with the text, an empty table of constants and a pickled instance of class
 * {@code K} that holds nothing but {@code training = False}.
 */
final class TorchScriptArchive {
  private static final byte[] EMPTY_TUPLE = {(byte) 0x80, 2, ')', '.'};

  private TorchScriptArchive() {}

  /**
   * @param source a module's text with a class {@code K(Module)}
   * @param common text whose functions the source calls as {@code __torch__.common.NAME}
   */
  static byte[] of(String source, String common) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      put(zip, "k/data.pkl", pickledInstance());
      put(zip, "k/code/__torch__.py", source.getBytes(UTF_8));
      put(zip, "k/code/__torch__/common.py", common.getBytes(UTF_8));
      put(zip, "k/constants.pkl", EMPTY_TUPLE);
      put(zip, "k/version", "10\n".getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  /** Pickle protocol 2 for {@code __torch__.K}, built from the state {@code {training: False}}. */
  private static byte[] pickledInstance() {
    ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    pickle.writeBytes(new byte[] {(byte) 0x80, 2});
    pickle.writeBytes("c__torch__\nK\n)".getBytes(UTF_8)); // GLOBAL, EMPTY_TUPLE
    pickle.writeBytes(new byte[] {(byte) 0x81, '}', '('}); // NEWOBJ, EMPTY_DICT, MARK
    byte[] key = "training".getBytes(UTF_8);
    pickle.writeBytes(new byte[] {'X', (byte) key.length, 0, 0, 0}); // BINUNICODE
    pickle.writeBytes(key);
    pickle.writeBytes(new byte[] {(byte) 0x89, 'u', 'b', '.'}); // NEWFALSE, SETITEMS, BUILD, STOP
    return pickle.toByteArray();
  }

  private static void put(ZipOutputStream zip, String name, byte[] data) throws IOException {
    CRC32 checksum = new CRC32();
    checksum.update(data);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(data.length);
    entry.setCrc(checksum.getValue());
    zip.putNextEntry(entry);
    zip.write(data);
    zip.closeEntry();
  }
}
