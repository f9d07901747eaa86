package org.openkcl.local.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.openkcl.local.model.ResourcePolicy;
import org.openkcl.local.model.ResourcePolicy.Denial;
import org.openkcl.local.model.StreamException;

/**
 * Reads a policy's JSON. A {@code Deny} that names its actions and principals is understood; one with
 * a {@code Condition}, a {@code NotAction} or a {@code NotPrincipal} is kept in the text and not
 * evaluated.
 */
final class PolicyDocument {
  private static final int LENGTH_MAX = 20_480;

  private PolicyDocument() {}

  static ResourcePolicy parse(String text) {
    if (text.length() > LENGTH_MAX) {
      throw malformed("it is longer than " + LENGTH_MAX + " characters");
    }
    List<Denial> denials = new ArrayList<>();
    for (Params statement : statements(text)) {
      String effect = statement.text("Effect");
      if (effect.equals("Deny") && isUnderstood(statement)) {
        denials.add(new Denial(statement.textOrTexts("Action"), principals(statement)));
      } else if (!effect.equals("Deny") && !effect.equals("Allow")) {
        throw malformed("Effect must be Allow or Deny: got " + effect);
      }
    }
    return new ResourcePolicy(text, denials);
  }

  private static List<Params> statements(String text) {
    try {
      Params document = Wire.JSON.read(text.getBytes(StandardCharsets.UTF_8));
      List<Params> statements = document.isList("Statement")
          ? document.objects("Statement")
          : List.of(document.object("Statement"));
      for (Params statement : statements) {
        statement.text("Effect");
        statement.textOrTexts("Action");
        principals(statement);
      }
      return statements;
    } catch (StreamException unreadable) {
      throw malformed(unreadable.getMessage());
    }
  }

  private static boolean isUnderstood(Params statement) {
    return !statement.has("Condition")
        && !statement.has("NotAction")
        && !statement.has("NotPrincipal");
  }

  private static List<String> principals(Params statement) {
    return statement.isObject("Principal")
        ? statement.object("Principal").textOrTexts("AWS")
        : statement.textOrTexts("Principal");
  }

  private static StreamException malformed(String why) {
    return StreamException.invalidArgument("The resource policy is malformed: " + why);
  }
}
