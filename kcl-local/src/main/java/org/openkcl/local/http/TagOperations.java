package org.openkcl.local.http;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.openkcl.local.http.Operation.Question;
import org.openkcl.local.model.StreamException;
import org.openkcl.local.model.StreamNames;

/** Tags, by stream and by resource. */
final class TagOperations {
  static final Map<String, Operation> ALL = Map.of(
      "AddTagsToStream", TagOperations::addToStream,
      "RemoveTagsFromStream", TagOperations::removeFromStream,
      "ListTagsForStream", TagOperations::listForStream,
      "TagResource", TagOperations::tag,
      "UntagResource", TagOperations::untag,
      "ListTagsForResource", TagOperations::listForResource);

  private static final int LIMIT_MAX = 50;

  private TagOperations() {}

  private static Question addToStream(Params in) {
    return add(StreamNames.arn(in.streamName()), in);
  }

  private static Question tag(Params in) {
    return add(in.text("ResourceARN"), in);
  }

  private static Question add(String arn, Params in) {
    if (!in.has("Tags")) {
      throw StreamException.missing("tags");
    }
    Map<String, String> tags = in.textMap("Tags");
    return streams -> {
      streams.control().tags().add(arn, tags);
      return ReplyBody.EMPTY;
    };
  }

  private static Question removeFromStream(Params in) {
    return remove(StreamNames.arn(in.streamName()), in);
  }

  private static Question untag(Params in) {
    return remove(in.text("ResourceARN"), in);
  }

  private static Question remove(String arn, Params in) {
    List<String> keys = in.texts("TagKeys");
    return streams -> {
      streams.control().tags().remove(arn, keys);
      return ReplyBody.EMPTY;
    };
  }

  private static Question listForStream(Params in) {
    String arn = StreamNames.arn(in.streamName());
    String after = in.textOrNull("ExclusiveStartTagKey");
    int limit = in.integer("Limit", LIMIT_MAX);
    if (limit < 1 || limit > LIMIT_MAX) {
      throw StreamException.validation(limit, "limit", "have value between 1 and " + LIMIT_MAX);
    }
    return streams -> page(streams.control().tags().of(arn), after, limit);
  }

  private static ReplyBody page(SortedMap<String, String> tags, @Nullable String after, int limit) {
    List<Map.Entry<String, String>> rest = new ArrayList<>(tags.entrySet());
    rest.removeIf(tag -> after != null && tag.getKey().compareTo(after) <= 0);
    return out -> {
      out.objects("Tags", rest.subList(0, Math.min(limit, rest.size())), TagOperations::writeTag);
      out.flag("HasMoreTags", rest.size() > limit);
    };
  }

  private static Question listForResource(Params in) {
    String arn = in.text("ResourceARN");
    return streams -> {
      SortedMap<String, String> tags = streams.control().tags().of(arn);
      return out -> out.objects("Tags", tags.entrySet(), TagOperations::writeTag);
    };
  }

  private static void writeTag(ReplyWriter out, Map.Entry<String, String> tag) throws IOException {
    out.text("Key", tag.getKey());
    out.text("Value", tag.getValue());
  }
}
