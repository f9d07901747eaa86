package org.openkcl.local.model;

import java.io.Serializable;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;

/** Tags of streams and registered consumers, by ARN (API reference: TagResource). */
public final class StreamTags implements Serializable {
  private final Resources resources;

  StreamTags(Resources resources) {
    this.resources = resources;
  }

  /** Adds tags, 50 in all at most, replacing those of the same key; all or none. */
  public void add(String arn, Map<String, String> tags) {
    resources.changeable(arn).tags.add(tags);
  }

  /** Removes the tags of these keys; keys that there are not do not matter. */
  public void remove(String arn, Collection<String> keys) {
    resources.changeable(arn).tags.remove(keys);
  }

  /** All tags by key. */
  public SortedMap<String, String> of(String arn) {
    return resources.readable(arn).tags.all();
  }
}
