package org.openkcl.benchmarks.probe;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a JVM takes: told as {@link WorkerEvent.Kind#FIGURE}s each time {@value #QUESTION} comes on
 * standard input. A collection of all garbage goes before the heap is told; the processor's time is
 * told before and after it, so that it can be left out of what is between two answers.
 */
public final class Vitals {
  public static final String QUESTION = "vitals";

  /** Processor time before the garbage was collected, in microseconds. */
  public static final String CPU_BEFORE = "cpuBefore";

  /** And after; the last figure of an answer. */
  public static final String CPU_AFTER = "cpuAfter";

  public static final String HEAP = "heapBytes";
  public static final String THREADS = "threads";
  public static final String PEAK_THREADS = "peakThreads";

  /** The memory of the process as the operating system counts it, before the collection. */
  public static final String RESIDENT = "residentKib";

  /** Calls of GetRecords, as the SDK's attempts. */
  public static final String CALLS = "getRecords";

  /** All requests, one item per operation. */
  public static final String REQUESTS = "requests";

  /** Units that reads of DynamoDB have taken. */
  public static final String READ_UNITS = "readUnits";

  /** The names of the threads, one item each. */
  public static final String THREAD_NAMES = "threadNames";

  private static final Path STATUS = Path.of("/proc/self/status");

  private final RequestCounter requests = new RequestCounter();

  /** To be added to the clients whose requests are counted. */
  public RequestCounter requests() {
    return requests;
  }

  /** Tells all of them once. */
  public void tell() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    Probe.figure(CALLS, requests.attempts("Kinesis.GetRecords"));
    Probe.report(WorkerEvent.Kind.FIGURE, REQUESTS, Stamp.nowMicros(), requests.describe());
    Probe.figure(READ_UNITS, requests.readUnits());
    Probe.figure(RESIDENT, residentKib());
    Probe.figure(CPU_BEFORE, Probe.cpuMicros());
    System.gc();
    Probe.figure(HEAP, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    Probe.figure(THREADS, threads.getThreadCount());
    Probe.figure(PEAK_THREADS, threads.getPeakThreadCount());
    Probe.report(WorkerEvent.Kind.FIGURE, THREAD_NAMES, Stamp.nowMicros(), threadNames());
    Probe.figure(CPU_AFTER, Probe.cpuMicros());
  }

  private static List<String> threadNames() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(thread -> thread.getName().replaceAll("[ ,]", "_"))
        .sorted()
        .toList();
  }

  /** 0 where the operating system does not tell. */
  private static String residentKib() {
    if (!Files.isReadable(STATUS)) {
      return "0";
    }
    try {
      return Files.readAllLines(STATUS, UTF_8).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .map(line -> line.replaceAll("[^0-9]", ""))
          .findFirst()
          .orElse("0");
    } catch (IOException e) {
      throw new UncheckedIOException("The process' memory cannot be read", e);
    }
  }
}
