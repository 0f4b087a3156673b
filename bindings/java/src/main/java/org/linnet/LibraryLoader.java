// SPDX-License-Identifier: MIT
package org.linnet;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Finds and loads the native library, in this order:
 * <ol>
 * <li>the file that the system property {@code linnet.library} names;
 * <li>the file of its name in a folder of {@code java.library.path};
 * <li>the one in the jar, written to a folder named after its contents: once for each version, in
 *     {@code linnet.extract.dir}, else in the user's cache folder, else in the temporary folder.
 * </ol>
 * One that is found by the first or second way and does not load is an error: what somebody placed
 * there is meant to be used.
 */
final class LibraryLoader {
  private static final String ANOTHER_LOADER = "already loaded in another classloader";

  private LibraryLoader() {}

  static void load() {
    final String file = System.getProperty("linnet.library");
    if (file != null) {
      System.load(new File(file).getAbsolutePath());
      return;
    }
    final Path found = inLibraryPath(System.mapLibraryName("linnet_jni"));
    if (found != null) {
      System.load(found.toAbsolutePath().toString());
      return;
    }
    loadFromJar();
  }

  private static Path inLibraryPath(String name) {
    final String path = System.getProperty("java.library.path", "");
    return Arrays.stream(path.split(File.pathSeparator))
        .map(folder -> Path.of(folder.isEmpty() ? "." : folder, name))
        .filter(Files::isRegularFile).findFirst().orElse(null);
  }

  private static void loadFromJar() {
    final String name = System.mapLibraryName("linnet_jni");
    final byte[] library = resource("/native/" + platform() + "/" + name);
    final List<String> reasons = new ArrayList<>();
    for (Path folder : folders()) {
      try {
        loadFrom(folder.resolve("linnet-" + digest(library)), name, library);
        return;
      } catch (IOException | UnsatisfiedLinkError | SecurityException error) {
        reasons.add(folder + ": " + error);
      }
    }
    throw new UnsatisfiedLinkError("the native library of Linnet could not be written and loaded:"
        + "\n  " + String.join("\n  ", reasons)
        + "\nname a folder that may hold programs by -Dlinnet.extract.dir=FOLDER, or the library"
        + " itself by -Dlinnet.library=FILE");
  }

  /** "linux-x86_64" and the like: the folder within the jar. */
  static String platform() {
    final String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    final String arch = System.getProperty("os.arch");
    final String os = name.startsWith("mac") ? "macos"
        : name.startsWith("windows") ? "windows" : "linux";
    return os + "-" + (arch.equals("amd64") ? "x86_64" : arch);
  }

  private static byte[] resource(String path) {
    try (InputStream stream = LibraryLoader.class.getResourceAsStream(path)) {
      if (stream != null) {
        return stream.readAllBytes();
      }
    } catch (IOException error) {
      throw new UnsatisfiedLinkError("the jar cannot be read: " + error);
    }
    throw new UnsatisfiedLinkError("this jar of Linnet has no native library for " + platform()
        + "; build it on such a machine, or name one by -Dlinnet.library=FILE");
  }

  private static String digest(byte[] library) {
    try {
      final byte[] sum = MessageDigest.getInstance("SHA-256").digest(library);
      final StringBuilder text = new StringBuilder();
      for (int i = 0; i < 16; i++) {
        text.append(String.format("%02x", sum[i]));
      }
      return text.toString();
    } catch (NoSuchAlgorithmException error) { // every Java has it
      throw new UnsatisfiedLinkError(error.toString());
    }
  }

  private static List<Path> folders() {
    final String chosen = System.getProperty("linnet.extract.dir");
    if (chosen != null) {
      return List.of(Path.of(chosen));
    }
    final List<Path> folders = new ArrayList<>();
    final Path cache = userCache();
    if (cache != null && cache.isAbsolute()) {
      folders.add(cache.resolve("linnet"));
    }
    folders.add(Path.of(System.getProperty("java.io.tmpdir"),
        "linnet-" + System.getProperty("user.name")));
    return folders;
  }

  private static Path userCache() {
    final String home = System.getProperty("user.home");
    final boolean windows = platform().startsWith("windows");
    final String cache = System.getenv(windows ? "LOCALAPPDATA" : "XDG_CACHE_HOME");
    if (cache != null && !cache.isEmpty()) {
      return Path.of(cache);
    }
    return platform().startsWith("macos") ? Path.of(home, "Library", "Caches")
        : Path.of(home, windows ? "AppData/Local" : ".cache");
  }

  private static void loadFrom(Path folder, String name, byte[] library) throws IOException {
    makePrivate(folder);
    final Path file = folder.resolve(name);
    if (!Files.isRegularFile(file) || !Arrays.equals(Files.readAllBytes(file), library)) {
      write(file, library);
    }
    try {
      System.load(file.toAbsolutePath().toString());
    } catch (UnsatisfiedLinkError error) {
      if (error.getMessage() == null || !error.getMessage().contains(ANOTHER_LOADER)) {
        throw error;
      }
      loadCopy(folder, name, library);
    }
  }

  /** Nobody else may exchange the file between check and load. */
  private static void makePrivate(Path folder) throws IOException {
    final Path parent = Files.createDirectories(folder.toAbsolutePath().getParent());
    // Not of the file store: Java finds no mount point for a folder in a chroot.
    if (!parent.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createDirectories(folder);
      return;
    }
    try {
      Files.createDirectory(folder, ownersOnly());
    } catch (FileAlreadyExistsException exists) {
      requireOwn(folder);
    }
  }

  private static FileAttribute<?> ownersOnly() {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  }

  private static void requireOwn(Path folder) throws IOException {
    final Path probe = Files.createTempFile(folder, "owner", null);
    final boolean own = Files.getOwner(probe).equals(Files.getOwner(folder));
    Files.delete(probe);
    if (!own || Files.getPosixFilePermissions(folder).size() > 3) {
      throw new IOException("the folder is open to other users");
    }
  }

  /** Another process sees the whole file or none. */
  private static void write(Path file, byte[] library) throws IOException {
    final Path part = Files.createTempFile(file.getParent(), "part", null);
    try {
      Files.write(part, library);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** Java loads a file once; a second class loader, as in web servers, needs a file of its own. */
  private static void loadCopy(Path folder, String name, byte[] library) throws IOException {
    final Path copy = Files.createTempFile(folder, "copy", name);
    try {
      Files.write(copy, library);
      System.load(copy.toAbsolutePath().toString());
    } finally {
      if (!platform().startsWith("windows")) {
        Files.deleteIfExists(copy);
      } else {
        copy.toFile().deleteOnExit();
      }
    }
  }
}
