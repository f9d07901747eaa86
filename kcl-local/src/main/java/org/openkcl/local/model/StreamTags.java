package org.openkcl.local.model;

import java.io.Serializable;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;

/** Tags of streams (API reference: AddTagsToStream, TagResource). */
public final class StreamTags implements Serializable {
  private final LocalStreams streams;

  StreamTags(LocalStreams streams) {
    this.streams = streams;
  }

  /** Adds up to 50 tags in all, replacing those of the same key; all or none. */
  public void add(String streamName, Map<String, String> tags) {
    Stream stream = streams.changeable(streamName);
    stream.control.tags.add(owner(streamName), tags);
  }

  /** Removes the tags of these keys. */
  public void remove(String streamName, Collection<String> keys) {
    streams.changeable(streamName).control.tags.remove(owner(streamName), keys);
  }

  /** All tags by key. */
  public SortedMap<String, String> of(String streamName) {
    return streams.stream(streamName).control.tags.all();
  }

  static String owner(String streamName) {
    return "stream " + streamName + " under account " + StreamNames.ACCOUNT;
  }
}
