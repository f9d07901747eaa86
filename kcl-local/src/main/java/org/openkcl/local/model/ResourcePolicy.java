package org.openkcl.local.model;

import java.io.Serializable;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A resource policy: its text as it was put, and its explicit denials, which are all of it that is
 * evaluated. The account's own callers need no permission here, so an {@code Allow} changes nothing.
 *
 * @param text JSON, returned as it came
 * @param denials statements with the effect {@code Deny} and without conditions
 */
public record ResourcePolicy(String text, List<Denial> denials) implements Serializable {
  public ResourcePolicy {
    denials = List.copyOf(denials);
  }

  /**
   * A statement that denies.
   *
   * @param actions such as {@code kinesis:GetRecords}; {@code *} and {@code ?} are wildcards
   * @param principals {@code *}, access key ids, or ARNs that end in {@code /} and an access key id
   */
  public record Denial(List<String> actions, List<String> principals) implements Serializable {
    public Denial {
      actions = List.copyOf(actions);
      principals = List.copyOf(principals);
    }

    boolean covers(Call call) {
      return actions.stream().anyMatch(pattern -> matches(pattern, "kinesis:" + call.action()))
          && principals.stream().anyMatch(principal -> isOf(principal, call.principal()));
    }

    private static boolean isOf(String principal, String caller) {
      return principal.equals("*") || principal.equals(caller) || principal.endsWith("/" + caller);
    }

    private static boolean matches(String pattern, String action) {
      String regex = Pattern.quote(pattern).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
      return Pattern.compile(regex, Pattern.CASE_INSENSITIVE).matcher(action).matches();
    }
  }

  boolean denies(Call call) {
    return denials.stream().anyMatch(denial -> denial.covers(call));
  }
}
