// SPDX-License-Identifier: MIT
package org.linnet;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes small ONNX models: protobuf fields, by their numbers in onnx.proto. */
final class Onnx {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** c = a + b, each of one free axis. */
  static byte[] sum(Dtype dtype) {
    final Onnx node = new Onnx().text(1, "a").text(1, "b").text(2, "c").text(4, "Add");
    final Onnx graph = new Onnx().part(1, node).text(2, "sum").part(11, vector("a", dtype))
        .part(11, vector("b", dtype)).part(12, vector("c", dtype));
    return model(graph).bytes.toByteArray();
  }

  /** y = x, which takes no step. */
  static byte[] same() {
    final Onnx node = new Onnx().text(1, "x").text(2, "y").text(4, "Identity");
    final Onnx graph = new Onnx().part(1, node).text(2, "same")
        .part(11, vector("x", Dtype.FLOAT32)).part(12, vector("y", Dtype.FLOAT32));
    return model(graph).bytes.toByteArray();
  }

  private static Onnx model(Onnx graph) {
    return new Onnx().number(1, 8).part(7, graph).part(8, new Onnx().number(2, 17));
  }

  private static Onnx vector(String name, Dtype dtype) {
    final Onnx shape = new Onnx().part(1, new Onnx().text(2, "n"));
    final Onnx tensor = new Onnx().number(1, dtype.value()).part(2, shape);
    return new Onnx().text(1, name).part(2, new Onnx().part(1, tensor));
  }

  /** The model without one of its metadata entries. */
  static byte[] without(byte[] model, String key) {
    final Onnx kept = new Onnx();
    final byte[] entry = new Onnx().text(1, key).bytes.toByteArray();
    for (int at = 0; at < model.length;) {
      final int begin = at;
      final int tag = model[at++];
      long size = 0;
      for (int shift = 0; ; shift += 7) {
        size |= (long) (model[at] & 0x7F) << shift;
        if (model[at++] >= 0) {
          break;
        }
      }
      final int content = at;
      at += (tag & 7) == 2 ? (int) size : 0;
      if (tag != (14 << 3 | 2) || !startsWith(model, content, entry)) {
        kept.bytes.write(model, begin, at - begin);
      }
    }
    return kept.bytes.toByteArray();
  }

  private static boolean startsWith(byte[] all, int at, byte[] part) {
    return at + part.length <= all.length
        && Arrays.equals(all, at, at + part.length, part, 0, part.length);
  }

  private Onnx varint(long value) {
    long rest = value;
    for (; rest > 0x7F; rest >>>= 7) {
      bytes.write((int) (rest & 0x7F | 0x80));
    }
    bytes.write((int) rest);
    return this;
  }

  private Onnx number(int field, long value) {
    return varint((long) field << 3).varint(value);
  }

  private Onnx text(int field, String text) {
    return raw(field, text.getBytes(StandardCharsets.UTF_8));
  }

  private Onnx part(int field, Onnx part) {
    return raw(field, part.bytes.toByteArray());
  }

  private Onnx raw(int field, byte[] data) {
    varint((long) field << 3 | 2).varint(data.length);
    bytes.writeBytes(data);
    return this;
  }
}
