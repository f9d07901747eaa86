package org.openkcl.local.model;

import java.io.Serializable;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The tags of one resource, by key, and what may be among them (API reference: AddTagsToStream). */
final class TagSet implements Serializable {
  static final int TAGS_MAX = 50;

  private static final int REQUEST_TAGS_MAX = 200;
  private static final int KEY_LENGTH_MAX = 128;
  private static final int VALUE_LENGTH_MAX = 256;
  private static final String RESERVED_PREFIX = "aws:";
  private static final Pattern ALLOWED = Pattern.compile("[\\p{L}\\p{N}\\p{Z}\\s_.:/=+\\-@]*");

  private final String owner;
  private final TreeMap<String, String> tags = new TreeMap<>();

  /**
   * No tags.
   *
   * @param owner the resource, as an error should name it
   */
  TagSet(String owner) {
    this.owner = owner;
  }

  SortedMap<String, String> all() {
    return new TreeMap<>(tags);
  }

  /** Adds tags, replacing those of the same key; all or none. */
  void add(Map<String, String> added) {
    check(added);
    Map<String, String> merged = new TreeMap<>(tags);
    merged.putAll(added);
    if (merged.size() > TAGS_MAX) {
      throw refused(
          "add tags to",
          "a given resource cannot have more than " + TAGS_MAX + " tags associated with it.");
    }
    tags.putAll(added);
  }

  /** Removes the tags of these keys; keys that there are not do not matter. */
  void remove(Collection<String> keys) {
    if (keys.isEmpty() || keys.size() > TAGS_MAX) {
      throw StreamException.validation(keys, "tagKeys", "have length between 1 and " + TAGS_MAX);
    }
    for (String key : keys) {
      checkKey(key, "tagKeys");
      if (!ALLOWED.matcher(key).matches()) {
        throw refused("remove tags from", ILLEGAL);
      }
    }
    tags.keySet().removeAll(keys);
  }

  private void check(Map<String, String> added) {
    if (added.isEmpty() || added.size() > REQUEST_TAGS_MAX) {
      throw StreamException.validation(
          added.size() + " tags", "tags", "have length between 1 and " + REQUEST_TAGS_MAX);
    }
    added.forEach((key, value) -> {
      checkKey(key, "tags");
      if (value.length() > VALUE_LENGTH_MAX) {
        throw StreamException.validation(
            value, "tags." + key + ".member", "have length less than or equal to 256");
      }
      if (!ALLOWED.matcher(key).matches() || !ALLOWED.matcher(value).matches()) {
        throw refused("add tags to", ILLEGAL);
      }
      if (key.startsWith(RESERVED_PREFIX)) {
        throw refused("add tags to", "keys that begin with aws: are reserved.");
      }
    });
  }

  private static void checkKey(String key, String member) {
    if (key.isEmpty() || key.length() > KEY_LENGTH_MAX) {
      throw StreamException.validation(
          key, member, "satisfy constraint: [Member must have length between 1 and 128]");
    }
  }

  private static final String ILLEGAL = "some tags contained illegal characters. The allowed"
      + " characters are Unicode letters, digits, white-spaces, '_', '.', ':', '/', '=', '+', '-',"
      + " '@'.";

  private StreamException refused(String what, String why) {
    return StreamException.invalidArgument("Failed to " + what + " " + owner + " because " + why);
  }
}
