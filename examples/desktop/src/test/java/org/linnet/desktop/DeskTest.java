// SPDX-License-Identifier: MIT
package org.linnet.desktop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.linnet.Model;
import org.linnet.Prediction;

/** The program without its window; the test's thread stands for the event thread. */
class DeskTest {
  private final BlockingQueue<Runnable> events = new LinkedBlockingQueue<>();
  private final Worker worker = new Worker(events::add);
  private final Desk desk = new Desk(worker);

  @TempDir
  Path folder;

  @BeforeEach
  void openTheEmbeddedModel() throws InterruptedException {
    desk.openModel(null);
    until(() -> desk.model() != null);
  }

  @AfterEach
  void close() {
    desk.close();
  }

  private void until(BooleanSupplier reached) throws InterruptedException {
    while (!reached.getAsBoolean()) {
      final Runnable event = events.poll(20, TimeUnit.SECONDS);
      assertNotNull(event, "nothing happens any more");
      event.run();
    }
  }

  private void untilIdle() throws InterruptedException {
    until(() -> desk.album().count(Entry.State.WAITING) == 0 && desk.report().total() == 0);
  }

  private Path picture(String name) throws IOException {
    final BufferedImage image = new BufferedImage(60, 40, BufferedImage.TYPE_INT_RGB);
    final Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.ORANGE);
    graphics.fillOval(10, 5, 40, 30);
    graphics.dispose();
    final Path file = folder.resolve(name);
    ImageIO.write(image, "png", file.toFile());
    return file;
  }

  private Entry only() {
    assertEquals(1, desk.album().getSize());
    return desk.album().getElementAt(0);
  }

  @Test
  void classifiesPictures() throws Exception {
    desk.add(List.of(picture("a.png")));
    assertEquals(Entry.State.WAITING, only().state());
    untilIdle();
    assertEquals(Entry.State.DONE, only().state());
    assertEquals(5, only().predictions().size());
    assertEquals(60, only().thumbnail().getWidth());
    assertTrue(only().spoken().startsWith("a.png: "), only().spoken());
    assertEquals("1 picture", desk.summary());
  }

  @Test
  void eachPictureOnce() throws Exception {
    final Path picture = picture("a.png");
    desk.add(List.of(picture, picture));
    desk.add(List.of(picture));
    untilIdle();
    assertEquals(1, desk.album().getSize());
  }

  @Test
  void foldersGiveTheirPictures() throws Exception {
    Files.createDirectory(folder.resolve("below"));
    picture("b.png");
    picture("below/a.PNG");
    Files.writeString(folder.resolve("notes.txt"), "no picture");
    desk.add(List.of(folder));
    untilIdle();
    assertEquals(2, desk.album().getSize());
  }

  @Test
  void brokenPicturesSayWhy() throws Exception {
    final Path text = Files.writeString(folder.resolve("text.png"), "no picture");
    desk.add(List.of(text, folder.resolve("missing.png"), picture("good.png")));
    untilIdle();
    assertEquals(2, desk.album().count(Entry.State.FAILED));
    assertEquals(1, desk.album().count(Entry.State.DONE));
    for (Entry each : desk.album().entries()) {
      assertEquals(each.state() == Entry.State.FAILED, !each.message().isEmpty());
    }
    assertTrue(desk.errors().isEmpty());
    assertEquals("3 pictures, 2 failed", desk.summary());
  }

  @Test
  void aBrokenModelLeavesTheOldOne() throws Exception {
    desk.add(List.of(picture("a.png")));
    final Path broken = Files.writeString(folder.resolve("broken.onnx"), "no model");
    final ModelFacts before = desk.model();
    desk.openModel(broken);
    until(() -> !desk.errors().isEmpty());
    untilIdle();
    assertEquals(before, desk.model());
    assertTrue(desk.errors().get(0).contains("broken.onnx"), desk.errors().toString());
    assertEquals(Entry.State.DONE, only().state());
    desk.dismissErrors();
    assertTrue(desk.errors().isEmpty());
  }

  @Test
  void anotherModelIsAskedAboutAll() throws Exception {
    desk.add(List.of(picture("a.png")));
    untilIdle();
    final Path copy = folder.resolve("copy.onnx");
    try (InputStream stream = Model.class.getResourceAsStream("default.onnx")) {
      Files.copy(stream, copy);
    }
    final List<Prediction> before = only().predictions();
    desk.drop(List.of(copy));
    until(() -> desk.model().name().equals("copy.onnx"));
    assertEquals(Entry.State.WAITING, only().state());
    untilIdle();
    assertEquals(before, only().predictions());
  }

  @Test
  void stoppedWorkCanBeResumed() throws Exception {
    final List<Path> pictures = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      pictures.add(picture(i + ".png"));
    }
    desk.add(pictures);
    desk.stop();
    untilIdle();
    assertTrue(desk.album().count(Entry.State.STOPPED) > 0);
    desk.askAgain();
    untilIdle();
    assertEquals(20, desk.album().count(Entry.State.DONE));
  }

  @Test
  void progressNeverPassesItsEnd() throws Exception {
    final List<Worker.Report> seen = new ArrayList<>();
    desk.onChange(() -> seen.add(desk.report()));
    desk.add(List.of(picture("a.png"), picture("b.png"), picture("c.png")));
    untilIdle();
    assertFalse(seen.isEmpty());
    for (Worker.Report each : seen) {
      assertTrue(each.done() <= each.total() && each.share() >= 0 && each.share() <= 1);
    }
  }

  @Test
  void removedPicturesStayAway() throws Exception {
    desk.add(List.of(picture("a.png"), picture("b.png")));
    desk.remove(List.of(desk.album().getElementAt(0)));
    untilIdle();
    assertEquals("b.png", only().name());
    desk.remove(desk.album().entries());
    assertEquals(0, desk.album().getSize());
    assertEquals("0 pictures", desk.summary());
  }
}
