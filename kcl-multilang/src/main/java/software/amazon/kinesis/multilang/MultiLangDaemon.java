package software.amazon.kinesis.multilang;

import org.openkcl.multilang.MultiLangMain;

/**
 * The daemon under the name by which the launchers of the client libraries for Python, Node.js and
 * Ruby start Amazon's. It has nothing else in common with that class.
 */
public final class MultiLangDaemon {
  private MultiLangDaemon() {}

  public static void main(String[] args) {
    MultiLangMain.main(args);
  }
}
