package org.openkcl.processor;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Remembers what it was asked for. */
final class RecordingCheckpointer implements RecordProcessorCheckpointer {
  final List<String> calls = new ArrayList<>();

  @Override
  public void checkpoint() {
    calls.add("checkpoint");
  }

  @Override
  public void checkpoint(KinesisClientRecord record) {
    checkpoint(record.sequenceNumber(), record.subSequenceNumber());
  }

  @Override
  public void checkpoint(String sequenceNumber) {
    checkpoint(sequenceNumber, 0);
  }

  @Override
  public void checkpoint(String sequenceNumber, long subSequenceNumber) {
    calls.add("checkpoint " + sequenceNumber + "/" + subSequenceNumber);
  }

  @Override
  public PreparedCheckpointer prepareCheckpoint() {
    return prepareCheckpoint("0");
  }

  @Override
  public PreparedCheckpointer prepareCheckpoint(byte @Nullable [] applicationState) {
    return prepareCheckpoint("0");
  }

  @Override
  public PreparedCheckpointer prepareCheckpoint(KinesisClientRecord record) {
    return prepareCheckpoint(record.sequenceNumber(), record.subSequenceNumber());
  }

  @Override
  public PreparedCheckpointer prepareCheckpoint(
      KinesisClientRecord record, byte @Nullable [] applicationState) {
    return prepareCheckpoint(record);
  }

  @Override
  public PreparedCheckpointer prepareCheckpoint(String sequenceNumber) {
    return prepareCheckpoint(sequenceNumber, 0);
  }

  @Override
  public PreparedCheckpointer prepareCheckpoint(
      String sequenceNumber, byte @Nullable [] applicationState) {
    return prepareCheckpoint(sequenceNumber, 0);
  }

  @Override
  public PreparedCheckpointer prepareCheckpoint(String sequenceNumber, long subSequenceNumber) {
    return prepareCheckpoint(sequenceNumber, subSequenceNumber, null);
  }

  @Override
  public PreparedCheckpointer prepareCheckpoint(
      String sequenceNumber, long subSequenceNumber, byte @Nullable [] applicationState) {
    ExtendedSequenceNumber position = new ExtendedSequenceNumber(sequenceNumber, subSequenceNumber);
    calls.add("prepare " + position);
    return new PreparedCheckpointer() {
      @Override
      public ExtendedSequenceNumber pendingCheckpoint() {
        return position;
      }

      @Override
      public void checkpoint() {
        calls.add("commit " + position);
      }
    };
  }
}
