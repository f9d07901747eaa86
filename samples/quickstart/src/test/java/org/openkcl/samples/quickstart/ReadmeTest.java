package org.openkcl.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReadmeTest {
  private static final Pattern FIRST_JAVA_BLOCK =
      Pattern.compile("^```java\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

  @Test
  void theFirstProgramOfTheReadmeIsTheQuickstart() throws IOException {
    String readme = Files.readString(Path.of("../../README.md"));
    Matcher block = FIRST_JAVA_BLOCK.matcher(readme);

    assertThat(block.find()).as("README.md has a ```java block").isTrue();
    assertThat(block.group(1))
        .isEqualTo(Files.readString(
            Path.of("src/main/java/org/openkcl/samples/quickstart/Quickstart.java")));
  }
}
