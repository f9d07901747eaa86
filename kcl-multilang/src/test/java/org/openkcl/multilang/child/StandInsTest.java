package org.openkcl.multilang.child;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.doNothing;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoMoreInteractions;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openkcl.environment.Environment;
import org.openkcl.multilang.Languages;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.processor.ProcessRecordsInput;
import org.openkcl.processor.RecordProcessorCheckpointer;
import org.openkcl.processor.ShardRecordProcessor;
import org.openkcl.processor.ThrottlingException;

/**
 * The stand-ins for children on {@code amazon_kclpy} and {@code aws-kclrb}: that they are strict,
 * and what they make the daemon do.
 */
class StandInsTest {
  private static final String INITIALIZE =
      "{'action':'initialize','shardId':'s','sequenceNumber':'LATEST','subSequenceNumber':0}";
  private static final String LAST = "4961";

  private final RecordProcessorCheckpointer checkpointer = mock(RecordProcessorCheckpointer.class);
  private final Calls calls = new Calls(checkpointer);

  @BeforeAll
  static void needsPython() {
    Languages.require("python3");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "kclpy | {'action':'init'}",
        "kclpy | {'shardId':'s'}",
        "kclpy | {'action':'shutdown','reason':'ZOMBIE'}",
        "kclpy | {'action':'initialize','shardId':'s','sequenceNumber':'LATEST'}",
        "kclpy | {'action':'initialize','shardId':'s','sequenceNumber':7,'subSequenceNumber':0}",
        "kclpy | {'action':'initialize','shardId':'s','sequenceNumber':'7','subSequenceNumber':'0'}",
        "kclpy | {'action':'initialize','sequenceNumber':'LATEST','shardId':'s','subSequenceNumber':0}",
        "kclpy | {'shardId':'s','action':'initialize','sequenceNumber':'LATEST','subSequenceNumber':0}",
        "kclpy | {'action':'initialize','shardId':'s','sequenceNumber':'LATEST','subSequenceNumber':0,'more':1}",
        "kclpy | {'action':'processRecords','records':[]}",
        "kclpy | {'action':'processRecords','records':null,'millisBehindLatest':0}",
        "kclpy | {'action':'processRecords','records':[],'millisBehindLatest':1.5}",
        "kclpy | {'action':'processRecords','records':[{'data':'eA==','partitionKey':'k','sequenceNumber':'1','approximateArrivalTimestamp':1,'subSequenceNumber':0}],'millisBehindLatest':0}",
        "kclpy | {'action':'processRecords','records':[{'action':'record','data':'eA','partitionKey':'k','sequenceNumber':'1','approximateArrivalTimestamp':1,'subSequenceNumber':0}],'millisBehindLatest':0}",
        "kclpy | {'action':'processRecords','records':[{'action':'record','data':'eA==','partitionKey':'k','sequenceNumber':'1','approximateArrivalTimestamp':null,'subSequenceNumber':0}],'millisBehindLatest':0}",
        "kclpy | {'action':'processRecords','records':[{'action':'record','data':'eA==','partitionKey':'k','sequenceNumber':'1','approximateArrivalTimestamp':'2001-01-01','subSequenceNumber':0}],'millisBehindLatest':0}",
        "kclpy | {'action':'processRecords','records':[{'action':'record','data':'eA==','partitionKey':null,'sequenceNumber':'1','approximateArrivalTimestamp':1,'subSequenceNumber':0}],'millisBehindLatest':0}",
        "kclpy | \"\"",
        "kclpy | no message",
        "kclrb | {'action':'init'}",
        "kclrb | {'shardId':'s'}",
        "kclrb | {'action':'checkpoint','sequenceNumber':null,'subSequenceNumber':null,'error':null}",
        "kclrb | {'action':'initialize','shardId':'s'}",
        "kclrb | {'action':'processRecords','records':[]}",
        "kclrb | {'action':'processRecords','records':[{'action':'record','data':'eA==','partitionKey':'k','sequenceNumber':1}],'millisBehindLatest':0}",
        "kclrb | no message"
      })
  void aMessageThatIsNotAsItShouldBeEndsTheStandIn(String standIn, String message)
      throws Exception {
    Process child = new ProcessBuilder("python3", script(standIn))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
    try (OutputStream input = child.getOutputStream()) {
      String line = message == null ? "" : message;
      input.write((INITIALIZE + "\n" + line + "\n").replace('\'', '"').getBytes(UTF_8));
    }
    String output = new String(child.getInputStream().readAllBytes(), UTF_8);
    assertThat(child.waitFor()).isNotZero();
    assertThat(output.strip())
        .isEqualTo("{\"action\": \"status\", \"responseFor\": \"initialize\"}");
  }

  @Test
  void thePackageForPythonChecksPointsInThreeWays() throws Exception {
    consume("kclpy", 3);
    verify(checkpointer).checkpoint(LAST);
    verify(checkpointer).checkpoint();
    verify(checkpointer).checkpoint(LAST, 0);
    verifyNoMoreInteractions(checkpointer);
  }

  @Test
  void theGemForRubyChecksPointsInTwoWays() throws Exception {
    consume("kclrb", 2);
    verify(checkpointer).checkpoint(LAST);
    verify(checkpointer).checkpoint();
    verifyNoMoreInteractions(checkpointer);
  }

  @ParameterizedTest
  @ValueSource(strings = {"kclpy", "kclrb"})
  void aCheckpointThatIsThrottledIsTriedAgain(String standIn) throws Exception {
    doThrow(new ThrottlingException("later")).doNothing().when(checkpointer).checkpoint(LAST);
    doNothing().when(checkpointer).checkpoint();
    consume(standIn, 1);
    verify(checkpointer, org.mockito.Mockito.times(2)).checkpoint(LAST);
  }

  /** Has a stand-in process batches of one record and end in order. */
  private void consume(String standIn, int batches) throws Exception {
    try (Environment environment = Environment.system();
        Children children = new Children(
            ChildCommand.of("python3 " + script(standIn)), ChildSettings.DEFAULT, environment)) {
      ShardRecordProcessor processor = calls.initialized(children, 0);
      for (int i = 0; i < batches; i++) {
        processor.processRecords(ProcessRecordsInput.builder()
            .records(List.of(record()))
            .checkpointer(checkpointer)
            .millisBehindLatest(0L)
            .build());
      }
      calls.call(processor, "leaseLost");
      assertThat(children.pids()).isEmpty();
    }
  }

  private static String script(String standIn) throws Exception {
    return Path.of(
            StandInsTest.class.getResource("/standins/" + standIn + ".py").toURI())
        .toString();
  }

  private static KinesisClientRecord record() {
    return KinesisClientRecord.builder()
        .data(ByteBuffer.wrap("1,2001-01-01,one,SFO,SEA,7".getBytes(UTF_8)))
        .partitionKey("k\u00e9y")
        .sequenceNumber(LAST)
        .approximateArrivalTimestamp(Instant.EPOCH)
        .build();
  }
}
