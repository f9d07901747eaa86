package org.openkcl.local.http;

import java.io.IOException;

/** Writes the members of a reply; runs after the model was asked, outside its lock. */
@FunctionalInterface
interface ReplyBody {
  ReplyBody EMPTY = out -> {};

  void writeTo(ReplyWriter out) throws IOException;
}
