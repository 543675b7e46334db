package dev.fresco.training.data;

import dev.fresco.platform.web.FieldProblem;
import dev.fresco.platform.web.ProblemException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/**
 * A zip of captioned pictures.
 *
 * <p>Only {@code .png} and {@code .txt} files count, by their names without folders, so that
 * nothing can be unpacked elsewhere; others are passed over. What it unpacks to is bounded, however
 * small it is.
 */
final class PictureZip {
  private static final int MOST_PICTURES = 10_000;
  private static final int BUFFER_BYTES = 64 * 1024;

  private final long mostBytes;
  private long bytes;

  /**
   * @param mostBytes that it may unpack to
   */
  PictureZip(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /** Where an entry's bytes go. */
  private interface Target {
    OutputStream open(String name) throws IOException;
  }

  /**
   * Looks through it.
   *
   * @throws ProblemException 422 if it is no such zip
   */
  void check(Path file) throws IOException {
    try (InputStream input = Files.newInputStream(file)) {
      Set<String> names = each(input, name -> OutputStream.nullOutputStream());
      Set<String> pictures = new TreeSet<>();
      names.stream()
          .filter(name -> name.endsWith(".png"))
          .map(name -> name.substring(0, name.length() - ".png".length()))
          .forEach(pictures::add);
      if (pictures.isEmpty() || pictures.size() > MOST_PICTURES) {
        throw refused(
            "has %d pictures (.png); there must be 1 to %d"
                .formatted(pictures.size(), MOST_PICTURES));
      }
      pictures.removeIf(name -> names.contains(name + ".txt"));
      if (!pictures.isEmpty()) {
        String first = pictures.iterator().next();
        throw refused(
            "has %d pictures without a caption, the first is %s.png"
                .formatted(pictures.size(), first));
      }
    }
  }

  /** Unpacks one that was checked into a folder that exists. */
  void unpack(InputStream zip, Path folder) throws IOException {
    each(zip, name -> Files.newOutputStream(folder.resolve(name)));
  }

  private Set<String> each(InputStream input, Target target) throws IOException {
    Set<String> names = new HashSet<>();
    try (ZipInputStream zip = new ZipInputStream(input)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        String name = plainName(entry);
        if (name == null) {
          continue;
        }
        if (!names.add(name)) {
          throw refused("has " + name + " twice");
        }
        try (OutputStream out = target.open(name)) {
          copy(zip, out);
        }
      }
    } catch (ZipException | EOFException | IllegalArgumentException e) {
      throw refused("cannot be read as a zip: " + e.getMessage());
    }
    return names;
  }

  /** The last part of the path, or null if it is none of a picture or a caption. */
  private static String plainName(ZipEntry entry) {
    String path = entry.getName().replace('\\', '/');
    String name = path.substring(path.lastIndexOf('/') + 1);
    boolean known = name.endsWith(".png") || name.endsWith(".txt");
    return entry.isDirectory() || !known || name.startsWith(".") ? null : name;
  }

  private void copy(InputStream from, OutputStream to) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
      bytes += read;
      if (bytes > mostBytes) {
        throw ProblemException.tooLarge(
            "what the zip unpacks to", mostBytes, "fresco.limits.max-data-bytes");
      }
      to.write(buffer, 0, read);
    }
  }

  private static ProblemException refused(String message) {
    return ProblemException.invalid(List.of(new FieldProblem("body", null, null, message)));
  }
}
