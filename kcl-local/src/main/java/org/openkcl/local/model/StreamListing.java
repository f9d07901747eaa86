package org.openkcl.local.model;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** Streams page by page (API reference: ListStreams). */
public final class StreamListing implements Serializable {
  private static final int LIMIT_MAX = 10_000;

  private final PresentStreams streams;

  StreamListing(PresentStreams streams) {
    this.streams = streams;
  }

  /**
   * A page.
   *
   * @param after list the streams after this name; empty for all
   * @param limit streams a page, 1 to 10,000
   */
  public StreamPage after(String after, int limit) {
    if (limit < 1 || limit > LIMIT_MAX) {
      throw StreamException.validation(limit, "limit", "have value between 1 and " + LIMIT_MAX);
    }
    List<StreamDescription> page = new ArrayList<>();
    for (Stream stream : streams.all()) {
      if (stream.name.compareTo(after) <= 0) {
        continue;
      }
      if (page.size() == limit) {
        return new StreamPage(page, token(page.get(limit - 1).name()));
      }
      page.add(stream.description(streams.nowMillis()));
    }
    return new StreamPage(page, null);
  }

  /**
   * The page after another.
   *
   * @param nextToken from the page before, not older than {@link LocalStreams#TOKEN_LIFE}
   */
  public StreamPage next(String nextToken, int limit) {
    Token token = Token.parse(Token.Kind.STREAMS, nextToken);
    if (token == null) {
      throw StreamException.invalidArgument("Invalid NextToken.");
    }
    if (token.isExpired(streams.nowMillis())) {
      throw ShardListing.expired(token);
    }
    return after(token.streamName(), limit);
  }

  private String token(String last) {
    return new Token(Token.Kind.STREAMS, 0, 0, 0, 0, streams.nowMillis(), last, "").text();
  }
}
