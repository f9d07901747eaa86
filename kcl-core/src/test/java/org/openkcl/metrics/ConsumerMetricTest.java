package org.openkcl.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openkcl.metrics.ConsumerMetric.Form;
import org.openkcl.metrics.ConsumerMetric.Kinship;

class ConsumerMetricTest {
  @Test
  void thePageSaysWhatIsDeclared() {
    if (Boolean.getBoolean(MetricsPage.REWRITE)) {
      MetricsPage.rewrite(MetricsPage.wanted());
    }
    assertThat(MetricsPage.present())
        .as("docs/metrics.md; rewrite it with -D%s=true", MetricsPage.REWRITE)
        .isEqualTo(MetricsPage.wanted());
  }

  @Test
  void noSeriesIsDeclaredTwice() {
    assertThat(Arrays.stream(ConsumerMetric.values())
            .map(metric -> metric.operation() + " " + metric.cloudWatchName()))
        .doesNotHaveDuplicates();
  }

  @Test
  void nothingIsDeclaredThatIsListedAsAbsent() {
    List<String> absent = new ArrayList<>();
    MetricsPage.absent()
        .forEach(each -> each.names().forEach(name -> absent.add(each.operation() + " " + name)));
    assertThat(absent).doesNotHaveDuplicates();
    assertThat(absent)
        .doesNotContainAnyElementsOf(Arrays.stream(ConsumerMetric.values())
            .map(metric -> metric.operation() + " " + metric.cloudWatchName())
            .toList());
  }

  @Test
  void ourOwnOperationsHaveNothingOfAmazons() {
    assertThat(Arrays.stream(ConsumerMetric.values())
            .filter(metric -> metric.operation().startsWith("OpenKCL:"))
            .map(ConsumerMetric::kinship))
        .containsOnly(Kinship.OURS);
  }

  @Test
  void oneRegistryNameIsOneKindOfThing() {
    Map<String, Form> forms = new HashMap<>();
    for (ConsumerMetric metric : ConsumerMetric.values()) {
      if (metric.form() != Form.NOWHERE) {
        assertThat(metric.registryName()).matches("openkcl(\\.[a-z]+)+");
        assertThat(forms.merge(metric.registryName(), metric.form(), (one, other) -> one))
            .isEqualTo(metric.form());
      }
    }
  }

  @Test
  void everythingIsSaidInSentences() {
    assertThat(Arrays.stream(ConsumerMetric.values()).map(ConsumerMetric::meaning))
        .allMatch(text -> text.endsWith("."));
    assertThat(MetricsPage.absent().stream()
            .map(MetricsPage.Absent::reason)
            .collect(Collectors.toSet()))
        .allMatch(text -> text.endsWith("."));
  }

  @Test
  void namesInRegistriesCanBeTakenApart() {
    RegistryName name = RegistryName.of("openkcl.lag", Map.of("worker", "a:b=c", "shard", "s;1"));
    assertThat(name).hasToString("openkcl.lag;shard=s,1;worker=a:b=c");
    assertThat(RegistryName.parse(name.toString()).tags())
        .containsExactly(Map.entry("shard", "s,1"), Map.entry("worker", "a:b=c"));
    assertThat(RegistryName.parse("jvm.gc;odd").metric()).isEqualTo("jvm.gc;odd");
  }
}
