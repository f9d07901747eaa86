package org.openkcl.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.openkcl.benchmarks.probe.WorkerOption;
import org.openkcl.benchmarks.probe.WorkerOptions;

class WorkerOptionsTest {
  @Test
  void optionsSurviveTheCommandLine() {
    WorkerOptions options = WorkerOptions.defaults()
        .with(WorkerOption.KINESIS, "http://127.0.0.1:1/?a=b")
        .with(WorkerOption.IDLE_MILLIS, 200)
        .with(WorkerOption.FAN_OUT, true);
    WorkerOptions read = WorkerOptions.ofArguments(options.toArguments().toArray(new String[0]));
    assertThat(read).isEqualTo(options);
    assertThat(read.text(WorkerOption.KINESIS)).isEqualTo("http://127.0.0.1:1/?a=b");
    assertThat(read.number(WorkerOption.IDLE_MILLIS)).isEqualTo(200);
    assertThat(read.isSet(WorkerOption.FAN_OUT)).isTrue();
  }

  @Test
  void whatHasNoDefaultMustBeGiven() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WorkerOptions.defaults().text(WorkerOption.STREAM))
        .withMessageContaining("STREAM");
  }

  @Test
  void onlyTheTunedLibraryIsTuned() {
    for (Library library : Library.values()) {
      assertThat(library.configure(WorkerOptions.defaults()).isSet(WorkerOption.TUNED))
          .isEqualTo(library == Library.AMAZON_TUNED);
    }
  }
}
