// SPDX-License-Identifier: MIT
package org.linnet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.linnet.Samples.MODEL;
import static org.linnet.Samples.assertStatus;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelTest {
  private static final List<String> LABELS = List.of("airplane", "automobile", "bird", "cat",
      "deer", "dog", "frog", "horse", "ship", "truck");

  @Test
  void tellsWhatItIs() {
    try (Model model = Model.open(MODEL)) {
      assertEquals(List.of(new TensorInfo("image", List.of(-1L, 3L, 32L, 32L), Dtype.FLOAT32,
          Layout.NCHW)), model.inputs());
      assertEquals(List.of(-1L, 10L), model.outputs().get(0).shape());
      assertEquals(Layout.NONE, model.outputs().get(0).layout());
      assertEquals(LABELS, model.labels());
      assertEquals(8, model.operators().get("Conv"));
      assertEquals(model.operators().keySet().stream().sorted().toList(),
          List.copyOf(model.operators().keySet()));
      assertTrue(model.parameters() > 500_000 && model.macs() > 80_000_000);
    }
  }

  @Test
  void pathBytesAndEmbeddedAreTheSame() throws Exception {
    final byte[] bytes = Files.readAllBytes(MODEL);
    final StringBuilder digest = new StringBuilder();
    for (byte each : MessageDigest.getInstance("SHA-256").digest(bytes)) {
      digest.append(String.format("%02x", each));
    }
    try (Model a = Model.open(MODEL); Model b = Model.open(bytes); Model c = Model.embedded()) {
      assertEquals(digest.toString(), a.digest());
      assertEquals(a.digest(), b.digest());
      assertEquals(a.digest(), c.digest());
    }
  }

  @Test
  void opensFromAZip(@TempDir Path folder) throws IOException {
    final URI zip = URI.create("jar:" + folder.resolve("models.zip").toUri());
    try (FileSystem files = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      final Path inside = files.getPath("/default.onnx");
      Files.copy(MODEL, inside);
      try (Model model = Model.open(inside)) {
        assertEquals(LABELS, model.labels());
      }
      assertStatus(Status.IO, () -> Model.open(files.getPath("/other.onnx")));
    }
  }

  @Test
  void savedModelsAreTheSame(@TempDir Path folder) throws IOException {
    try (Model original = Model.embedded()) {
      final float[] expected = scores(original);
      for (Storage storage : Storage.values()) {
        final Path path = folder.resolve(storage + ".linnet");
        original.save(path, storage);
        try (Model saved = Model.open(path)) {
          saved.verify();
          assertEquals(original.digest(), saved.digest());
          assertEquals(LABELS, saved.labels());
          // The weights of this model were rounded to float16 when it was made.
          assertArrayEquals(expected, scores(saved));
        }
      }
      assertTrue(Files.size(folder.resolve("HALF.linnet"))
          < Files.size(folder.resolve("PLAIN.linnet")) * 6 / 10);
      assertStatus(Status.NOT_FOUND, original::verify);
      assertStatus(Status.IO, () -> original.save(folder.resolve("no/m"), Storage.PLAIN));
      final URI zip = URI.create("jar:" + folder.resolve("models.zip").toUri());
      try (FileSystem files = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
        original.save(files.getPath("/m.linnet"), Storage.PLAIN);
        try (Model saved = Model.open(files.getPath("/m.linnet"))) {
          saved.verify();
        }
        assertStatus(Status.IO, () -> original.save(files.getPath("/no/m"), Storage.PLAIN));
      }
    }
  }

  @Test
  void tunedModelsAnswerAlike() {
    try (Model original = Model.embedded(); Session session = new Session(original);
        Options options = new Options()) {
      final String convolutions = session.tune();
      assertTrue(convolutions.matches("[0-9x]+>[0-9x]+:(direct|winograd[246])(,.*)?"),
          convolutions);
      options.setMetadata("linnet.convolutions", convolutions);
      try (Model tuned = Model.open(MODEL, options)) {
        assertArrayEquals(scores(original), scores(tuned), 1e-5f);
      }
    }
  }

  private static float[] scores(Model model) {
    final float[] image = new float[3 * 32 * 32];
    for (int i = 0; i < image.length; i++) {
      image[i] = i % 97 / 50f - 1;
    }
    try (Session session = new Session(model)) {
      session.setInput(0, image);
      session.run();
      return session.output(0);
    }
  }

  @Test
  void metadataMayBeAbsent() {
    try (Model model = Model.embedded()) {
      assertEquals(Optional.of("RGB"), model.findMetadata("linnet.color"));
      assertEquals(Optional.empty(), model.findMetadata("nothing"));
      assertStatus(Status.NOT_FOUND, () -> model.metadata("nothing"));
    }
  }

  @Test
  void optionsReplaceMetadata() {
    final String cat = "Kater \u00e4\u732b\ud83d\udc31";
    final String labels = String.join("\n", LABELS).replace("cat", cat);
    try (Options options = new Options()) {
      options.setMetadata("linnet.labels", labels);
      options.setMetadata("my.key", "");
      try (Model model = Model.open(MODEL, options)) {
        assertEquals(cat, model.labels().get(3));
        assertEquals(Optional.of(""), model.findMetadata("my.key"));
      }
    }
  }

  @Test
  void limitsHold() {
    try (Options options = new Options()) {
      options.setLimit(Limit.FILE_BYTES, 1000);
      assertStatus(Status.LIMIT, () -> Model.open(MODEL, options));
      assertThrows(IllegalArgumentException.class, () -> options.setLimit(Limit.NODES, -1));
    }
  }

  @Test
  void brokenFilesAreRefused(@TempDir Path folder) throws IOException {
    assertStatus(Status.IO, () -> Model.open(folder.resolve("missing.onnx")));
    final byte[] bytes = Files.readAllBytes(MODEL);
    for (int size : new int[] {0, 1, 20, 3000, bytes.length - 1}) {
      assertThrows(LinnetException.class, () -> Model.open(Arrays.copyOf(bytes, size)));
    }
    final Path text = Files.writeString(folder.resolve("text.onnx"), "no model");
    final LinnetException error = assertThrows(LinnetException.class, () -> Model.open(text));
    assertTrue(error.getMessage().contains("text.onnx"), error.getMessage());
    assertThrows(NullPointerException.class, () -> Model.open((byte[]) null));
    assertThrows(NullPointerException.class, () -> Model.open((Path) null));
  }

  @Test
  void closedModelsAreRefused() {
    final Model model = Model.embedded();
    assertFalse(model.isClosed());
    model.close();
    model.close();
    assertTrue(model.isClosed());
    assertStatus(Status.INVALID_ARGUMENT, model::labels);
    assertStatus(Status.INVALID_ARGUMENT, model::inputs);
    assertStatus(Status.INVALID_ARGUMENT, model::digest);
    assertStatus(Status.INVALID_ARGUMENT, model::operators);
    assertStatus(Status.INVALID_ARGUMENT, model::macs);
    assertStatus(Status.INVALID_ARGUMENT, () -> model.findMetadata("linnet.color"));
    assertStatus(Status.INVALID_ARGUMENT, () -> new Session(model));
    assertStatus(Status.INVALID_ARGUMENT, () -> new Classifier(model));
  }

  @Test
  void closedOptionsAreRefused() {
    final Options options = new Options();
    options.close();
    assertStatus(Status.INVALID_ARGUMENT, () -> options.setThreads(2));
    assertStatus(Status.INVALID_ARGUMENT, () -> Model.open(MODEL, options));
  }

  @Test
  void versionIsTheHeaders() {
    assertEquals(1, Linnet.version() / 1_000_000);
    assertTrue(Linnet.buildInfo().startsWith("version=1."), Linnet.buildInfo());
    assertEquals("out of memory", Linnet.statusName(Status.OUT_OF_MEMORY));
  }
}
