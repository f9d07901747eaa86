package org.openkcl.multilang.child;

import java.io.IOException;
import org.openkcl.multilang.protocol.MessageWriter;

/** A message for a child, written when its turn comes. */
interface Message {
  void writeTo(MessageWriter writer) throws IOException;
}
