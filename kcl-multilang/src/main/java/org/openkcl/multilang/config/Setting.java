package org.openkcl.multilang.config;

/**
 * A value and where it was given.
 *
 * @param key as it is written in the file
 * @param value without blanks around it
 * @param source for people, for example {@code line 12} or an environment variable's name
 */
public record Setting(String key, String value, String source) {}
