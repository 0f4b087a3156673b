// SPDX-License-Identifier: MIT
package org.linnet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each way to the library, each in a Java of its own. */
class LibraryLoaderTest {
  private static final String NAME = System.mapLibraryName("linnet_jni");
  private static final Path BUILT = Path.of(System.getProperty("linnet.test.library"), "native",
      LibraryLoader.platform(), NAME);

  @TempDir
  Path folder;

  /** What the other Java runs. */
  public static final class Probe {
    private static final String NAME = System.mapLibraryName("linnet_jni");

    private Probe() {}

    public static void main(String[] arguments) throws IOException {
      System.out.println(Linnet.buildInfo());
      try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
        maps.filter(each -> each.endsWith(NAME)).map(each -> each.replaceAll(".* ", ""))
            .distinct().forEach(each -> System.out.println("loaded " + each));
      }
    }
  }

  private String probe(String... options) throws Exception {
    return probeAtHome(System.getProperty("user.home"), options);
  }

  private String probeAtHome(String home, String... options) throws Exception {
    final List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(List.of(options));
    command.addAll(List.of("-Duser.home=" + home, "-cp",
        System.getProperty("java.class.path"), Probe.class.getName()));
    final ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().remove("XDG_CACHE_HOME");
    final Process process = builder.start();
    final String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said;
  }

  private static void assertSays(String part, String said) {
    assertTrue(said.contains(part), "'" + part + "' is not in: " + said);
  }

  @Test
  void thePropertyComesFirst() throws Exception {
    final Path copy = Files.copy(BUILT, folder.resolve("my" + NAME));
    assertSays("loaded " + copy,
        probe("-Dlinnet.library=" + copy, "-Djava.library.path=" + BUILT.getParent()));
    final Path missing = folder.resolve("missing.so");
    assertSays("UnsatisfiedLinkError", probe("-Dlinnet.library=" + missing));
    assertSays(missing.toString(), probe("-Dlinnet.library=" + missing));
  }

  @Test
  void theLibraryPathComesSecond() throws Exception {
    final String path = folder + File.pathSeparator + BUILT.getParent();
    assertSays("loaded " + BUILT, probe("-Djava.library.path=" + path));
    Files.writeString(folder.resolve(NAME), "broken");
    assertSays("UnsatisfiedLinkError", probe("-Djava.library.path=" + path));
  }

  @Test
  void theJarsLibraryIsWrittenOnce() throws Exception {
    final String said = probe("-Dlinnet.extract.dir=" + folder);
    assertSays("loaded " + folder, said);
    final List<Path> files = filesIn(folder);
    assertEquals(1, files.size(), files.toString());
    final var written = Files.getLastModifiedTime(files.get(0));
    assertEquals(said, probe("-Dlinnet.extract.dir=" + folder));
    assertEquals(files, filesIn(folder));
    assertEquals(written, Files.getLastModifiedTime(files.get(0)));
  }

  @Test
  void aDamagedCopyIsReplaced() throws Exception {
    final String said = probe("-Dlinnet.extract.dir=" + folder);
    Files.writeString(filesIn(folder).get(0), "damaged");
    assertEquals(said, probe("-Dlinnet.extract.dir=" + folder));
  }

  @Test
  void theUsersCacheIsTheDefault() throws Exception {
    assertSays("loaded " + folder.resolve(".cache/linnet"), probeAtHome(folder.toString()));
  }

  @Test
  void theTemporaryFolderIsNext() throws Exception {
    final Path file = Files.createFile(folder.resolve("file"));
    final Path temporary = Files.createDirectory(folder.resolve("tmp"));
    assertSays("loaded " + temporary.resolve("linnet-"),
        probeAtHome(file.toString(), "-Djava.io.tmpdir=" + temporary));
  }

  @Test
  void theErrorTellsWhatToDo() throws Exception {
    final Path file = Files.createFile(folder.resolve("file"));
    final String said = probe("-Dlinnet.extract.dir=" + file.resolve("below"));
    assertSays("linnet.extract.dir", said);
    assertSays("linnet.library", said);
    assertSays(file.toString(), said);
  }

  @Test
  void twoClassLoadersCanBothLoadIt() throws Exception {
    final List<URL> urls = new ArrayList<>();
    for (String each : System.getProperty("java.class.path").split(File.pathSeparator)) {
      urls.add(Path.of(each).toUri().toURL());
    }
    for (int i = 0; i < 2; i++) {
      final URLClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new), null);
      final Class<?> other = loader.loadClass("org.linnet.Options");
      assertNotSame(Options.class, other);
      ((AutoCloseable) other.getConstructor().newInstance()).close();
    }
  }

  @Test
  void anotherMajorVersionIsRefused() throws Exception {
    final Path source = Files.writeString(folder.resolve("other.c"),
        "int Java_org_linnet_NativeJNI_version(void) { return 2001000; }");
    final Path other = folder.resolve(NAME);
    final Process compiler = new ProcessBuilder("cc", "-shared", "-fPIC", "-o", other.toString(),
        source.toString()).inheritIO().start();
    Assumptions.assumeTrue(compiler.waitFor() == 0);
    final String said = probe("-Dlinnet.library=" + other);
    assertSays("1.0", said);
    assertSays("2.1", said);
  }

  private static List<Path> filesIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
