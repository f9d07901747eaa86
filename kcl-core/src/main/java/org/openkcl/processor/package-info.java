/**
 * What an application implements, what it is given, and what it may be told went wrong. The names
 * and their meaning are those of Amazon's Kinesis Client Library 2.x and 3.x, in one package.
 */
@NullMarked
package org.openkcl.processor;

import org.jspecify.annotations.NullMarked;
