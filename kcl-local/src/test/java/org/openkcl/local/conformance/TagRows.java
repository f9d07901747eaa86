package org.openkcl.local.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openkcl.local.conformance.Rows.on;
import static org.openkcl.local.conformance.Stage.arn;

import java.util.List;
import java.util.Map;
import org.openkcl.local.model.NewStream;
import software.amazon.awssdk.services.kinesis.model.AddTagsToStreamRequest;
import software.amazon.awssdk.services.kinesis.model.AddTagsToStreamResponse;
import software.amazon.awssdk.services.kinesis.model.InvalidArgumentException;
import software.amazon.awssdk.services.kinesis.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.kinesis.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.kinesis.model.ListTagsForStreamRequest;
import software.amazon.awssdk.services.kinesis.model.ListTagsForStreamResponse;
import software.amazon.awssdk.services.kinesis.model.RemoveTagsFromStreamRequest;
import software.amazon.awssdk.services.kinesis.model.RemoveTagsFromStreamResponse;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.Tag;
import software.amazon.awssdk.services.kinesis.model.TagResourceRequest;
import software.amazon.awssdk.services.kinesis.model.TagResourceResponse;
import software.amazon.awssdk.services.kinesis.model.UntagResourceRequest;
import software.amazon.awssdk.services.kinesis.model.UntagResourceResponse;

/** Tags. */
final class TagRows {
  private static final Map<String, String> TAGS = Map.of("team", "blue");
  private static final Map<String, String> ILLEGAL = Map.of("a*b", "");
  private static final NewStream TAGGED =
      NewStream.provisioned("new", 2).withTags(Map.of("a", "1", "b", "2"));

  private TagRows() {}

  static List<Rows> all() {
    return List.of(add(), remove(), list(), tag(), untag(), listForResource());
  }

  private static Rows add() {
    return on(
            "AddTagsToStream",
            (stage, stream) ->
                AddTagsToStreamRequest.builder().streamName(stream).tags(TAGS).build())
        .ok(AddTagsToStreamResponse.class, reply -> {})
        .unknownStream()
        .noStream()
        .creatingStream()
        .deniedByPolicy()
        .throttledByFault()
        .refuses(
            InvalidArgumentException.class,
            "cannot have more than 50 tags",
            "beyond 50 tags",
            stage -> {
              String stream = stage.stream();
              stage.tag(stream, 50);
              return AddTagsToStreamRequest.builder()
                  .streamName(stream)
                  .tags(TAGS)
                  .build();
            });
  }

  private static Rows remove() {
    return on(
            "RemoveTagsFromStream",
            (stage, stream) -> RemoveTagsFromStreamRequest.builder()
                .streamName(stream)
                .tagKeys("team")
                .build())
        .ok(RemoveTagsFromStreamResponse.class, reply -> {})
        .unknownStream()
        .noStream()
        .creatingStream()
        .deniedByPolicy()
        .throttledByFault();
  }

  private static Rows list() {
    return on(
            "ListTagsForStream",
            (stage, stream) ->
                ListTagsForStreamRequest.builder().streamName(stream).limit(1).build())
        .about(TAGGED)
        .ok(ListTagsForStreamResponse.class, reply -> {
          assertThat(reply.tags())
              .containsExactly(Tag.builder().key("a").value("1").build());
          assertThat(reply.hasMoreTags()).isTrue();
        })
        .ok(
            "after a key",
            stage -> ListTagsForStreamRequest.builder()
                .streamName(stage.active(TAGGED))
                .exclusiveStartTagKey("a")
                .build(),
            ListTagsForStreamResponse.class,
            reply -> {
              assertThat(reply.tags())
                  .containsExactly(Tag.builder().key("b").value("2").build());
              assertThat(reply.hasMoreTags()).isFalse();
            })
        .unknownStream()
        .noStream()
        .deniedByPolicy()
        .throttledByFault();
  }

  private static Rows tag() {
    return on(
            "TagResource",
            (stage, stream) ->
                TagResourceRequest.builder().resourceARN(arn(stream)).tags(TAGS).build())
        .ok(TagResourceResponse.class, reply -> {})
        .ok(
            "for a consumer",
            stage -> TagResourceRequest.builder()
                .resourceARN(stage.consumer(stage.stream()))
                .tags(TAGS)
                .build(),
            TagResourceResponse.class,
            reply -> {})
        .unknownStream()
        .creatingStream()
        .deniedByPolicy()
        .throttledByFault()
        .refuses(
            InvalidArgumentException.class,
            "illegal characters",
            "with a tag that is none",
            stage -> TagResourceRequest.builder()
                .resourceARN(arn(stage.stream()))
                .tags(ILLEGAL)
                .build());
  }

  private static Rows untag() {
    return on(
            "UntagResource",
            (stage, stream) -> UntagResourceRequest.builder()
                .resourceARN(arn(stream))
                .tagKeys("team")
                .build())
        .ok(UntagResourceResponse.class, reply -> {})
        .unknownStream()
        .creatingStream()
        .deniedByPolicy()
        .throttledByFault()
        .refuses(
            InvalidArgumentException.class,
            "illegal characters",
            "with a key that is none",
            stage -> UntagResourceRequest.builder()
                .resourceARN(arn(stage.stream()))
                .tagKeys("a*b")
                .build());
  }

  private static Rows listForResource() {
    return on(
            "ListTagsForResource",
            (stage, stream) ->
                ListTagsForResourceRequest.builder().resourceARN(arn(stream)).build())
        .about(TAGGED)
        .ok(
            ListTagsForResourceResponse.class,
            reply -> assertThat(reply.tags()).extracting(Tag::key).containsExactly("a", "b"))
        .unknownStream()
        .deniedByPolicy()
        .throttledByFault()
        .never(
            InvalidArgumentException.class,
            "its one argument is an ARN; a malformed one is a ValidationException")
        .never(ResourceInUseException.class, "tags can be listed in every state of a stream");
  }
}
