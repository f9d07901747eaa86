package org.openkcl.local.http;

import org.openkcl.local.model.StreamException;

/** Something that can be seen and changed over HTTP below {@code /_admin/}, in JSON. */
@FunctionalInterface
public interface AdminResource {
  /**
   * Answers a request.
   *
   * @param method {@code GET}, {@code POST}, {@code PUT} or {@code DELETE}
   * @param rest the path after the resource's name, without slashes around it; may be empty
   * @param body what was sent; may be empty
   * @return an object in JSON
   * @throws StreamException with the error to answer: {@code MethodNotAllowed}, {@code NotFound} and
   *     anything else for a bad request
   */
  byte[] answer(String method, String rest, byte[] body);
}
