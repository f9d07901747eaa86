package org.openkcl.multilang.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SpecVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openkcl.processor.KinesisClientRecord;

/** The published schema against what is written, what is understood, and what the docs show. */
class SchemaTest {
  private static final String RESOURCE = "/org/openkcl/multilang/protocol.schema.json";
  private static final Path DOCS = Path.of("..", "docs", "multilang-protocol.md");

  @Test
  void theExamplesOfTheSpecificationAreValidAndUnderstood() throws IOException {
    List<String> lines = Files.readAllLines(DOCS);
    List<String> sent = lines.stream()
        .filter(line -> line.startsWith("> {"))
        .map(line -> line.substring(2))
        .toList();
    List<String> answered = lines.stream()
        .filter(line -> line.startsWith("< {"))
        .map(line -> line.substring(2))
        .toList();
    assertThat(sent).hasSizeGreaterThan(8);
    assertThat(answered).hasSizeGreaterThan(8);
    assertThat(sent).allSatisfy(line -> assertThat(problems("fromDaemon", line)).isEmpty());
    assertThat(answered).allSatisfy(line -> {
      assertThat(problems("fromChild", line)).isEmpty();
      assertThat(ChildLines.parse(line)).isNotInstanceOf(ChildLine.Unexpected.class);
    });
  }

  @Test
  void everythingThatIsWrittenIsValid() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    MessageWriter writer = new MessageWriter(out);
    for (String shardId : new String[] {null, "shardId-000000000000"}) {
      writer.about(shardId);
      writer.initialize("shardId-000000000000", "TRIM_HORIZON", 0L);
      writer.initialize("shardId-000000000000", "42", null, EnumSet.allOf(Extension.class));
      writer.initialize("shardId-000000000000", null, null, EnumSet.of(Extension.LOG));
      writer.processRecords(List.of(record(0), record(1), record(5)), 17L);
      writer.processRecords(List.of(), null);
      writer.checkpointReply(new ChildLine.Checkpoint(null, null), null);
      writer.checkpointReply(new ChildLine.Checkpoint("42", 3L), "ShutdownException");
      for (Call call : List.of(Call.LEASE_LOST, Call.SHARD_ENDED, Call.SHUTDOWN_REQUESTED)) {
        writer.call(call);
      }
    }
    assertThat(out.toString(UTF_8).lines())
        .hasSize(20)
        .allSatisfy(line -> assertThat(problems("fromDaemon", line)).isEmpty());
  }

  private static KinesisClientRecord record(int bytes) {
    return KinesisClientRecord.builder()
        .data(ByteBuffer.wrap(new byte[bytes]))
        .partitionKey("k")
        .sequenceNumber("42")
        .approximateArrivalTimestamp(Instant.EPOCH)
        .build();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'responseFor':'initialize'}",
        "{'action':'status'}",
        "{'action':'status','responseFor':'processrecords'}",
        "{'action':'status','responseFor':'initialize','extensions':'shards'}",
        "{'action':'status','responseFor':'initialize','shardId':7}",
        "{'action':'checkpoint','sequenceNumber':42}",
        "{'action':'checkpoint','sequenceNumber':'42','subSequenceNumber':'1'}",
        "{'action':'log','message':'m'}",
        "{'action':'log','level':'INFO','message':'m'}",
        "{'action':'initialize','shardId':'s','sequenceNumber':null,'subSequenceNumber':null}"
      })
  void whatAChildMustNotSendIsInvalid(String line) {
    assertThat(problems("fromChild", line.replace('\'', '"'))).isNotEmpty();
  }

  @Test
  void whatAChildMaySayMoreIsValid() {
    assertThat(problems(
            "fromChild",
            "{\"action\":\"status\",\"responseFor\":\"initialize\",\"later\":{\"a\":1}}"))
        .isEmpty();
  }

  /** What is wrong with a message, by a definition of the schema. */
  private static List<String> problems(String definition, String message) {
    return schema(definition).validate(message, InputFormat.JSON).stream()
        .map(problem -> problem.getMessage())
        .toList();
  }

  private static JsonSchema schema(String definition) {
    try (InputStream in = SchemaTest.class.getResourceAsStream(RESOURCE)) {
      return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
          .getSchema(Objects.requireNonNull(in))
          .getRefSchema(new JsonNodePath(PathType.JSON_POINTER).append("$defs").append(definition));
    } catch (IOException unreadable) {
      throw new AssertionError(unreadable);
    }
  }
}
