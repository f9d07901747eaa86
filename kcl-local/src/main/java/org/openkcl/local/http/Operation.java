package org.openkcl.local.http;

import org.openkcl.local.model.LocalStreams;

/** One operation of the API: from a request's members to a question to the model. */
@FunctionalInterface
interface Operation {
  Question prepare(Params in);

  /** Asked under the model's lock, so it does no more than ask. */
  @FunctionalInterface
  interface Question {
    ReplyBody ask(LocalStreams streams);
  }
}
