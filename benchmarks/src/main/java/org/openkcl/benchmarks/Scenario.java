package org.openkcl.benchmarks;

import java.util.List;
import org.openkcl.local.LocalCloud;

/** Something that is done to workers while they are watched. */
interface Scenario {
  /** A comparison with Amazon's library, at its defaults and tuned. */
  List<Library> ALL = List.of(Library.OPENKCL, Library.AMAZON, Library.AMAZON_TUNED);

  /** A comparison where tuning changes nothing. */
  List<Library> BOTH = List.of(Library.OPENKCL, Library.AMAZON);

  /** The service that it is done on: by default without limits. */
  default LocalCloud cloud() {
    return LocalCloud.start();
  }

  /** Whose workers it is done to, one after the other in each repeat; by default only OpenKCL's. */
  default List<Library> libraries() {
    return List.of(Library.OPENKCL);
  }

  /** What is measured, in the order in which it is shown. */
  List<Metric> metrics();

  /** Does it once to the workers of one library. */
  Samples measure(Run run) throws InterruptedException;
}
