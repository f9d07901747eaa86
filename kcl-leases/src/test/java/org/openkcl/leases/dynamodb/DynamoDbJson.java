package org.openkcl.leases.dynamodb;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Reads scans that are stored in DynamoDB's JSON. */
final class DynamoDbJson {
  private DynamoDbJson() {}

  /** The items of a scan in a test resource. */
  static List<Map<String, AttributeValue>> items(String resource) {
    try (InputStream stream = DynamoDbJson.class.getResourceAsStream(resource)) {
      JsonNode scan =
          JsonNode.parser().parse(Objects.requireNonNull(stream, () -> "no " + resource));
      List<Map<String, AttributeValue>> items = new ArrayList<>();
      for (JsonNode item : scan.field("Items").orElseThrow().asArray()) {
        items.add(attributes(item));
      }
      return items;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, AttributeValue> attributes(JsonNode object) {
    Map<String, AttributeValue> attributes = new HashMap<>();
    object.asObject().forEach((name, value) -> attributes.put(name, value(value)));
    return attributes;
  }

  private static AttributeValue value(JsonNode typed) {
    Map.Entry<String, JsonNode> entry = typed.asObject().entrySet().iterator().next();
    JsonNode value = entry.getValue();
    return switch (entry.getKey()) {
      case "S" -> AttributeValue.fromS(value.asString());
      case "N" -> AttributeValue.fromN(value.asString());
      case "B" ->
        AttributeValue.fromB(SdkBytes.fromByteArray(Base64.getDecoder().decode(value.asString())));
      case "BOOL" -> AttributeValue.fromBool(value.asBoolean());
      case "SS" ->
        AttributeValue.fromSs(value.asArray().stream().map(JsonNode::asString).toList());
      case "M" -> AttributeValue.fromM(attributes(value));
      case "L" ->
        AttributeValue.fromL(value.asArray().stream().map(DynamoDbJson::value).toList());
      default -> throw new IllegalArgumentException("Unknown type " + entry.getKey());
    };
  }
}
