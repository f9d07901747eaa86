package org.openkcl.local.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NativeLibraryTest {
  @ParameterizedTest
  @CsvSource({
    "Linux, amd64, libsqlite4java-linux-amd64.so",
    "Mac OS X, x86_64, libsqlite4java-osx.dylib",
    "Windows 11, amd64, sqlite4java-win32-x64.dll"
  })
  void isInTheJar(String osName, String osArch, String file) {
    assertThat(NativeLibrary.fileName(osName, osArch)).isEqualTo(file);
    assertThat(NativeLibrary.class.getResource("native/" + file)).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({"Linux, aarch64", "Mac OS X, aarch64", "SunOS, sparcv9"})
  void tellsWhatToDoWhereThereIsNone(String osName, String osArch) {
    assertThatIllegalStateException()
        .isThrownBy(() -> NativeLibrary.fileName(osName, osArch))
        .withMessageContaining("got os.name=" + osName + ", os.arch=" + osArch)
        .withMessageContaining("sqlite4java.library.path");
  }
}
