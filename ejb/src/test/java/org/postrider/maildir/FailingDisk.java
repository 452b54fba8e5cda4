package org.postrider.maildir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;

/** A disk that fails at a chosen call that changes something; from 1, none while it is 0. */
final class FailingDisk extends Disk {

  /** What happens at the call. */
  enum Fault {
    /** The process is killed: neither this call nor any later one happens. */
    KILLED,
    /** This call fails with an error of the medium. */
    ERROR,
    /** This call and all later ones that need room fail. */
    FULL
  }

  /** Passes everything that catches errors of the disk, as the end of the process does. */
  static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private final Fault fault;
  private int failAt;
  private int calls;
  final List<String> trace = new ArrayList<>();

  FailingDisk(Fault fault) {
    this.fault = fault;
  }

  /** The next calls are counted from 1, and that one fails. */
  void failAt(int call) {
    failAt = call;
    calls = 0;
    trace.clear();
  }

  /** True where the chosen call came. */
  boolean hasFailed() {
    return failAt > 0 && calls >= failAt;
  }

  private void step(String what, boolean needsRoom) throws IOException {
    calls++;
    trace.add(what);
    if (failAt == 0 || calls < failAt) {
      return;
    }
    switch (fault) {
      case KILLED -> throw new Killed();
      case ERROR -> {
        if (calls == failAt) {
          throw new FileSystemException(what, null, "Input/output error");
        }
      }
      case FULL -> {
        if (needsRoom) {
          throw new FileSystemException(what, null, "No space left on device");
        }
      }
    }
  }

  @Override
  FileChannel create(Path file) throws IOException {
    step("create " + file, true);
    return super.create(file);
  }

  @Override
  void write(FileChannel file, ByteBuffer octets) throws IOException {
    step("write", true);
    super.write(file, octets);
  }

  @Override
  void append(Path file, ByteBuffer octets) throws IOException {
    step("append " + file, true);
    super.append(file, octets);
  }

  @Override
  void copy(FileChannel from, FileChannel to) throws IOException {
    step("copy", true);
    super.copy(from, to);
  }

  @Override
  void force(FileChannel file) throws IOException {
    step("force", false); // counted, not done: no test loses power
  }

  @Override
  void forceDirectory(Path directory) throws IOException {
    step("forceDirectory " + directory, false);
  }

  @Override
  void link(Path existing, Path link) throws IOException {
    step("link " + link, true);
    super.link(existing, link);
  }

  @Override
  void makeLink(Path link, Path target) throws IOException {
    step("makeLink " + link, true);
    super.makeLink(link, target);
  }

  @Override
  void rename(Path from, Path to) throws IOException {
    step("rename " + to, false);
    super.rename(from, to);
  }

  @Override
  void unlink(Path file) throws IOException {
    step("unlink " + file, false);
    super.unlink(file);
  }

  @Override
  void makeDirectory(Path directory) throws IOException {
    step("makeDirectory " + directory, true);
    super.makeDirectory(directory);
  }

  @Override
  void setTimes(Path file, FileTime time) throws IOException {
    step("setTimes " + file, false);
    super.setTimes(file, time);
  }
}
