package org.openkcl.local.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openkcl.local.model.ModelFixture.START;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.openkcl.local.model.AccountSettings.Commitment;

final class AccountSettingsTest {
  private final ModelFixture fixture = new ModelFixture();
  private final AccountSettings account = fixture.streams.control().account();

  @Test
  void areWithoutCommitmentAtFirst() {
    assertThat(account.commitment()).isEqualTo(new Commitment("DISABLED", null, null, null));
    assertThat(account.disable()).isEqualTo(new Commitment("DISABLED", null, null, null));
  }

  @Test
  void commitForADayAtLeast() {
    Commitment enabled = account.enable();
    assertThat(enabled)
        .isEqualTo(new Commitment("ENABLED", START, null, START.plus(Duration.ofDays(1))));
    fixture.advance(Duration.ofHours(1));
    assertThat(account.disable().status()).isEqualTo("ENABLED_UNTIL_EARLIEST_ALLOWED_END");
    fixture.advance(Duration.ofHours(23).minusMillis(1));
    assertThat(account.commitment().status()).isEqualTo("ENABLED_UNTIL_EARLIEST_ALLOWED_END");
    fixture.advance(Duration.ofMillis(1));
    assertThat(account.commitment())
        .isEqualTo(new Commitment("DISABLED", START, START.plus(Duration.ofDays(1)), null));
  }

  @Test
  void canTakeBackTheEndOfACommitment() {
    account.enable();
    account.disable();
    account.enable();
    fixture.advance(Duration.ofDays(2));
    assertThat(account.commitment().status()).isEqualTo("ENABLED");
    assertThat(account.disable().endedAt()).isEqualTo(START.plus(Duration.ofDays(2)));
  }
}
