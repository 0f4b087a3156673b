// SPDX-License-Identifier: MIT
package org.linnet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.linnet.Samples.MODEL;
import static org.linnet.Samples.assertStatus;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassifierTest {
  @Test
  void knowsTheSamples() {
    int right = 0;
    final List<Path> pictures = Samples.pictures();
    try (Classifier classifier = new Classifier()) {
      for (Path picture : pictures) {
        final List<Prediction> found = classifier.classify(picture, 5);
        assertEquals(5, found.size());
        assertTrue(found.get(0).probability() >= found.get(1).probability());
        final String label = found.get(0).label();
        assertEquals(label, classifier.model().labels().get(found.get(0).index()));
        right += picture.getFileName().toString().startsWith(label) ? 1 : 0;
      }
    }
    assertEquals(30, pictures.size());
    assertTrue(right >= 27, right + " of 30");
  }

  @Test
  void batchesGiveTheAnswersOfSingles() {
    final List<BufferedImage> pictures =
        Samples.pictures().stream().limit(7).map(Pictures::read).toList();
    try (Classifier classifier = new Classifier()) {
      final List<List<Prediction>> together = classifier.classify(pictures, 3);
      final List<List<Prediction>> alone = new ArrayList<>();
      pictures.forEach(each -> alone.add(classifier.classify(each, 3)));
      assertEquals(alone, together);
      assertEquals(List.of(), classifier.classify(List.of(), 3));
    }
  }

  @Test
  void allWaysToOpenAgree() throws IOException {
    final Path picture = Samples.pictures().get(0);
    try (Model model = Model.open(MODEL);
        Classifier a = new Classifier(MODEL);
        Classifier b = new Classifier(Files.readAllBytes(MODEL));
        Classifier c = new Classifier(model);
        Classifier d = new Classifier(model, 2)) {
      final List<Prediction> found = a.classify(picture, 10);
      assertEquals(found, b.classify(picture, 10));
      assertEquals(found, c.classify(picture, 10));
      assertEquals(found, d.classify(picture, 10));
    }
  }

  @Test
  void threadsShareAModel() {
    final List<BufferedImage> pictures = Samples.pictures().stream().map(Pictures::read).toList();
    try (Model model = Model.embedded(); Classifier alone = new Classifier(model)) {
      final List<List<Prediction>> expected = alone.classify(pictures, 5);
      final List<CompletableFuture<List<List<Prediction>>>> answers = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        answers.add(CompletableFuture.supplyAsync(() -> {
          try (Classifier own = new Classifier(model)) {
            return pictures.stream().map(each -> own.classify(each, 5)).toList();
          }
        }));
      }
      answers.forEach(each -> assertEquals(expected, each.join()));
    }
  }

  @Test
  void topIsAtMostTheClasses() {
    final BufferedImage picture = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
    try (Classifier classifier = new Classifier()) {
      assertEquals(10, classifier.classify(picture, 1000).size());
      assertEquals(10, classifier.classify(picture, Integer.MAX_VALUE).size());
      assertEquals(1, classifier.classify(picture, 1).size());
      assertStatus(Status.INVALID_ARGUMENT, () -> classifier.classify(picture, 0));
      assertStatus(Status.INVALID_ARGUMENT, () -> classifier.classify(picture, -1));
      assertThrows(NullPointerException.class, () -> classifier.classify((BufferedImage) null, 1));
    }
  }

  @Test
  void withoutLabelsClassesHaveNumbers() throws IOException {
    final byte[] model = Onnx.without(Files.readAllBytes(MODEL), "linnet.labels");
    try (Classifier classifier = new Classifier(model)) {
      final Prediction best = classifier.classify(Samples.pictures().get(0), 1).get(0);
      assertEquals("class " + best.index(), best.label());
    }
  }

  @Test
  void modelsThatDoNotStateTheirPicturesSaySo() throws IOException {
    final byte[] model = Onnx.without(Files.readAllBytes(MODEL), "linnet.color");
    final BufferedImage picture = new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB);
    try (Classifier classifier = new Classifier(model)) {
      final LinnetException error =
          assertThrows(LinnetException.class, () -> classifier.classify(picture, 1));
      assertTrue(error.getMessage().contains("linnet.color"), error.getMessage());
    }
    try (Classifier classifier = new Classifier(Onnx.sum(Dtype.FLOAT32))) {
      assertThrows(LinnetException.class, () -> classifier.classify(picture, 1));
    }
  }

  @Test
  void progressAndCancel() {
    final BufferedImage picture = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
    final List<Integer> seen = new ArrayList<>();
    try (Classifier classifier = new Classifier()) {
      final List<Prediction> found =
          classifier.classify(picture, 5, (done, total) -> seen.add(total - done));
      assertEquals(0, seen.get(seen.size() - 1));
      classifier.cancel();
      assertStatus(Status.CANCELLED, () -> classifier.classify(picture, 5));
      assertEquals(found, classifier.classify(picture, 5));
    }
  }

  @Test
  void wrongPictureFilesAreRefused(@TempDir Path folder) throws IOException {
    final Path text = Files.writeString(folder.resolve("text.png"), "no picture");
    final byte[] whole = Files.readAllBytes(Samples.pictures().get(0));
    final Path cut = Files.write(folder.resolve("cut.png"), Arrays.copyOf(whole, 900));
    try (Classifier classifier = new Classifier()) {
      assertStatus(Status.IO, () -> classifier.classify(folder.resolve("missing.png"), 5));
      assertStatus(Status.IO, () -> classifier.classify(folder, 5));
      assertStatus(Status.MALFORMED, () -> classifier.classify(text, 5));
      assertStatus(Status.MALFORMED, () -> classifier.classify(cut, 5));
      assertFalse(classifier.classify(Samples.pictures().get(0), 5).isEmpty());
    }
  }

  /** A small file that claims to be a picture of gigabytes. */
  @Test
  void hugePictureFilesAreRefused(@TempDir Path folder) throws IOException {
    final byte[] picture = Files.readAllBytes(Samples.pictures().get(0));
    final ByteBuffer header = ByteBuffer.wrap(picture); // of PNG: width and height from byte 16 on
    header.putInt(16, 60_000).putInt(20, 50_000);
    final CRC32 sum = new CRC32();
    sum.update(picture, 12, 17);
    header.putInt(29, (int) sum.getValue());
    final Path huge = Files.write(folder.resolve("huge.png"), picture);
    try (Classifier classifier = new Classifier()) {
      final LinnetException error =
          assertStatus(Status.LIMIT, () -> classifier.classify(huge, 5));
      assertTrue(error.getMessage().contains("60000 x 50000"), error.getMessage());
    }
  }

  @Test
  void closedClassifiersAreRefused() {
    final BufferedImage picture = new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB);
    final Classifier own = new Classifier();
    own.close();
    own.close();
    assertStatus(Status.INVALID_ARGUMENT, () -> own.classify(picture, 5));
    assertTrue(own.model().isClosed());
    try (Model model = Model.embedded()) {
      new Classifier(model).close();
      assertFalse(model.isClosed());
    }
  }
}
