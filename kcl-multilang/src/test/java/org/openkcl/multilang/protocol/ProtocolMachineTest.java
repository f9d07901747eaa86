package org.openkcl.multilang.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Dialogues as transcripts: what happens is fed in, what follows comes out. */
class ProtocolMachineTest {
  private ProtocolState state = ProtocolState.NEW;

  @ParameterizedTest
  @EnumSource(Call.class)
  void aCallEndsWithTheStatusThatNamesIt(Call call) {
    assertThat(begin(call)).containsExactly("send " + call);
    assertThat(says("{'action':'status','responseFor':'" + call + "'}"))
        .containsExactly("finish " + call);
  }

  @ParameterizedTest
  @EnumSource(Call.class)
  void checkpointsAreStoredOrRefusedByTheCall(Call call) {
    begin(call);
    List<String> effects = says("{'action':'checkpoint','sequenceNumber':'7'}");
    if (call.mayCheckpoint()) {
      assertThat(effects).containsExactly("store 7/null");
      assertThat(stored("7", null, null)).containsExactly("reply 7/null null");
    } else {
      assertThat(effects).containsExactly("reply 7/null InvalidStateException");
    }
    assertThat(says("{'action':'status','responseFor':'" + call + "'}"))
        .containsExactly("finish " + call);
  }

  @Test
  void whatTheChildTakesUpComesWithTheEndOfTheCall() {
    begin(Call.INITIALIZE);
    assertThat(says("{'action':'status','responseFor':'initialize','shardId':'s',"
            + "'extensions':['shards','later',{'a':['log']},'log']}"))
        .containsExactly("finish initialize [shards, log]");
  }

  @ParameterizedTest
  @EnumSource(Call.class)
  void aStatusWithAnErrorIsTheEndOfTheDialogueAndNotOfTheChild(Call call) {
    begin(call);
    assertThat(says("{'action':'status','responseFor':'" + call + "','error':'ValueError: 7'}"))
        .containsExactly("let go ValueError: 7");
    assertThat(begin(Call.LEASE_LOST)).containsExactly("fail the child has failed before");
  }

  @Test
  void linesOfAllKindsNameTheirShard() {
    assertThat(ChildLines.parse("{\"action\":\"status\",\"shardId\":\"s\"}").shardId())
        .isEqualTo("s");
    assertThat(ChildLines.parse("{\"action\":\"checkpoint\",\"shardId\":\"s\"}").shardId())
        .isEqualTo("s");
    assertThat(ChildLines.parse(
            "{\"action\":\"log\",\"level\":\"error\",\"message\":\"m\",\"shardId\":\"s\"}"))
        .isEqualTo(new ChildLine.Log(ChildLine.Log.Level.ERROR, "m", "s"));
    assertThat(ChildLines.parse("").shardId()).isNull();
  }

  @Test
  void logLinesMustHaveALevelAndAMessage() {
    assertThat(says("{'action':'log','level':'INFO','message':'m'}"))
        .first()
        .asString()
        .contains("level must be trace, debug, info, warn or error: got 'INFO'");
    assertThat(says("{'action':'log','level':'info'}"))
        .first()
        .asString()
        .contains("must have a message");
  }

  @Test
  void aCheckpointThatIsRefusedLeavesTheCallUnderWay() {
    begin(Call.PROCESS_RECORDS);
    says("{'action':'checkpoint','sequenceNumber':'9','subSequenceNumber':3}");
    assertThat(stored("9", 3L, "ThrottlingException"))
        .containsExactly("reply 9/3 ThrottlingException");
    assertThat(says("{'action':'checkpoint','sequenceNumber':null,'subSequenceNumber':null}"))
        .containsExactly("store null/null");
  }

  @Test
  void garbageIsSkippedAndExplained() {
    begin(Call.PROCESS_RECORDS);
    assertThat(says("")).isEmpty();
    assertThat(says("hello")).hasSize(1).first().asString().contains("standard error");
    assertThat(says("[1]")).hasSize(1);
    assertThat(says("{'no':'action'}")).hasSize(1).first().asString().contains("no action");
    assertThat(says("log: {'action':'status','responseFor':'processRecords'}"))
        .first()
        .asString()
        .contains("mixed with other output");
    assertThat(says("{'action':'initialize','shardId':'s'}")).hasSize(1);
    assertThat(says("{'action':'checkpoint','subSequenceNumber':'x'}"))
        .first()
        .asString()
        .contains("whole number");
    assertThat(says("{'action':'status','responseFor':'processRecords','more':{'a':[1]}}"))
        .containsExactly("finish processRecords");
  }

  @Test
  void aStatusForSomethingElseBreaksTheDialogueForGood() {
    begin(Call.PROCESS_RECORDS);
    assertThat(says("{'action':'status','responseFor':'initialize'}"))
        .first()
        .asString()
        .startsWith("fail it answered initialize");
    assertThat(begin(Call.LEASE_LOST)).containsExactly("fail the child has failed before");
    assertThat(says("{'action':'checkpoint'}")).isEmpty();
  }

  @Test
  void aStatusBetweenCallsAnswersNothing() {
    begin(Call.INITIALIZE);
    says("{'action':'status','responseFor':'initialize'}");
    assertThat(says("{'action':'status','responseFor':'processRecords'}"))
        .first()
        .asString()
        .startsWith("skip");
    assertThat(begin(Call.PROCESS_RECORDS)).containsExactly("send processRecords");
  }

  @ParameterizedTest
  @EnumSource(Call.class)
  void aChildThatIsGoneFailsTheCall(Call call) {
    begin(call);
    assertThat(gone("it has exited")).containsExactly("fail it has exited");
    assertThat(gone("again")).isEmpty();
  }

  @Test
  void aChildThatIsGoneBetweenCallsFailsTheNext() {
    assertThat(gone("it has exited")).isEmpty();
    assertThat(begin(Call.PROCESS_RECORDS)).containsExactly("fail the child has failed before");
  }

  @Test
  void nothingFollowsLeaseLostAndShardEnded() {
    begin(Call.SHARD_ENDED);
    says("{'action':'status','responseFor':'shardEnded'}");
    assertThat(begin(Call.PROCESS_RECORDS)).containsExactly("fail the child's shard is gone");
  }

  @Test
  void twoCallsAtOnceAreADefect() {
    begin(Call.PROCESS_RECORDS);
    assertThatThrownBy(() -> begin(Call.SHUTDOWN_REQUESTED))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("before processRecords had returned");
  }

  private List<String> begin(Call call) {
    return step(new ProtocolEvent.Begin(call));
  }

  private List<String> says(String line) {
    return step(new ProtocolEvent.Line(ChildLines.parse(line.replace('\'', '"'))));
  }

  private List<String> stored(String number, @Nullable Long sub, @Nullable String error) {
    return step(new ProtocolEvent.Stored(new ChildLine.Checkpoint(number, sub), error));
  }

  private List<String> gone(String how) {
    return step(new ProtocolEvent.Gone(how));
  }

  private List<String> step(ProtocolEvent event) {
    ProtocolMachine.Step step = ProtocolMachine.step(state, event);
    state = step.state();
    List<String> effects = new ArrayList<>();
    for (ProtocolEffect effect : step.effects()) {
      effects.add(described(effect));
    }
    return effects;
  }

  private static String described(ProtocolEffect effect) {
    if (effect instanceof ProtocolEffect.Send send) {
      return "send " + send.call();
    } else if (effect instanceof ProtocolEffect.Store store) {
      return "store " + numbers(store.request());
    } else if (effect instanceof ProtocolEffect.Reply reply) {
      return "reply " + numbers(reply.request()) + " " + reply.error();
    } else if (effect instanceof ProtocolEffect.Finish finish) {
      return "finish " + finish.call()
          + (finish.extensions().isEmpty() ? "" : " " + new TreeSet<>(finish.extensions()));
    } else if (effect instanceof ProtocolEffect.LetGo letGo) {
      return "let go " + letGo.reason();
    } else if (effect instanceof ProtocolEffect.Fail fail) {
      return "fail " + fail.reason();
    }
    ProtocolEffect.Skip skip = (ProtocolEffect.Skip) effect;
    return "skip " + skip.diagnosis() + ": " + skip.text();
  }

  private static String numbers(ChildLine.Checkpoint request) {
    return request.sequenceNumber() + "/" + request.subSequenceNumber();
  }
}
