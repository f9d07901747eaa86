package org.openkcl.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.kinesis.model.GetRecordsRequest;

/**
 * What a JVM takes while it idles: told as {@link WorkerEvent.Kind#FIGURE}s each time {@value
 * #QUESTION} comes on standard input. A collection of all garbage goes before the heap is told; the
 * processor's time is told before and after it, so that it can be left out of what is between two
 * answers.
 */
final class Vitals {
  static final String QUESTION = "vitals";

  /** Processor time before the garbage was collected, in microseconds. */
  static final String CPU_BEFORE = "cpuBefore";

  /** And after; the last figure of an answer. */
  static final String CPU_AFTER = "cpuAfter";

  static final String HEAP = "heapBytes";
  static final String THREADS = "threads";

  /** Calls of GetRecords, as the SDK's attempts. */
  static final String CALLS = "getRecords";

  private final LongAdder calls = new LongAdder();

  /** To be added to the client whose calls are counted. */
  ExecutionInterceptor counter() {
    return new ExecutionInterceptor() {
      @Override
      public void afterTransmission(
          Context.AfterTransmission call, ExecutionAttributes attributes) {
        if (call.request() instanceof GetRecordsRequest) {
          calls.increment();
        }
      }
    };
  }

  /** Answers until standard input ends. */
  void answer() throws IOException {
    BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String line = questions.readLine(); line != null; line = questions.readLine()) {
      if (line.equals(QUESTION)) {
        tell();
      }
    }
  }

  private void tell() {
    figure(CALLS, Long.toString(calls.sum()));
    figure(CPU_BEFORE, WorkerMain.cpuMicros());
    System.gc();
    figure(
        HEAP,
        Long.toString(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed()));
    figure(THREADS, Integer.toString(ManagementFactory.getThreadMXBean().getThreadCount()));
    figure(CPU_AFTER, WorkerMain.cpuMicros());
  }

  private static void figure(String name, String value) {
    WorkerMain.report(WorkerEvent.Kind.FIGURE, name, Stamp.nowMicros(), List.of(value));
  }
}
