package org.linnet;

import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * A C object that may be closed at any moment: it is freed when it is closed, or unreachable, and
 * no call uses it any more. Written by hand.
 */
final class NativeHandle {
  private static final Cleaner CLEANER = Cleaner.create();

  private final State state;
  private final Cleaner.Cleanable cleanable;

  NativeHandle(String name, long pointer, LongConsumer free) {
    state = new State(name, pointer, free);
    cleanable = CLEANER.register(this, state);
  }

  /** The pointer, until release(). A closed handle is an error; C would only see a NULL. */
  long acquire() {
    return state.acquire();
  }

  void release() {
    state.release();
  }

  /** null is NULL. */
  static long acquireOrNull(NativeHandle handle) {
    return handle == null ? 0 : handle.acquire();
  }

  static void release(NativeHandle handle) {
    if (handle != null) {
      handle.release();
    }
  }

  /** Keeps memory that C uses for as long as the C object lives. */
  void keep(Object memory) {
    state.keep(memory);
  }

  boolean isClosed() {
    return state.closed();
  }

  void close() {
    cleanable.clean();
  }

  /** Apart from the handle, which must be able to become unreachable. */
  private static final class State implements Runnable {
    private final String name;
    private final LongConsumer free;
    private final List<Object> kept = new ArrayList<>();
    private long pointer;
    private int users;
    private boolean closed;

    State(String name, long pointer, LongConsumer free) {
      this.name = name;
      this.pointer = pointer;
      this.free = free;
    }

    synchronized long acquire() {
      if (closed) {
        throw new LinnetException(Status.INVALID_ARGUMENT, name + " is closed");
      }
      users++;
      return pointer;
    }

    synchronized void release() {
      users--;
      freeIfUnused();
    }

    synchronized void keep(Object memory) {
      kept.add(memory);
    }

    synchronized boolean closed() {
      return closed;
    }

    @Override
    public synchronized void run() {
      closed = true;
      freeIfUnused();
    }

    private void freeIfUnused() {
      if (!closed || users > 0 || pointer == 0) {
        return;
      }
      free.accept(pointer);
      pointer = 0;
      kept.clear();
    }
  }
}
