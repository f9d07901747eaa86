package org.openkcl.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A Kinesis stream on this machine for the tests of a class: real HTTP, real clients, no account.
 *
 * <p>One {@link org.openkcl.local.LocalCloud} is started for the class, with DynamoDB beside Kinesis,
 * and closed after it. Each test begins with the streams that the class and the classes around it
 * name, without records, without tables and without published metrics.
 *
 * <p>Tests, their constructors and their life cycle methods may ask for parameters of these types:
 * {@code LocalCloud}; {@code KinesisAsyncClient} and {@code DynamoDbAsyncClient}, which are the
 * cloud's own and need not be closed; and {@code @LocalStream.Name String}, the stream's name, where
 * there is one stream only.
 *
 * <p>For workers in simulated time, without HTTP, see {@link Simulation}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@Repeatable(LocalStream.All.class)
@ExtendWith(LocalStreamExtension.class)
public @interface LocalStream {

  /** The stream's name. */
  String name() default "stream";

  /** How many shards it has; at least 1. */
  int shards() default 1;

  /** Marks a parameter of type {@code String} that is to be the stream's name. */
  @Target(ElementType.PARAMETER)
  @Retention(RetentionPolicy.RUNTIME)
  @Documented
  @interface Name {}

  /** Holds several; written by the compiler. */
  @Target(ElementType.TYPE)
  @Retention(RetentionPolicy.RUNTIME)
  @Inherited
  @Documented
  @ExtendWith(LocalStreamExtension.class)
  @interface All {
    LocalStream[] value();
  }
}
