/**
 * What the demo claims and how it proves it: ledgers on disk, the verifier that compares them, and
 * the statistics. Knows neither the library under test nor AWS.
 */
@NullMarked
package org.openkcl.samples.demo.proof;

import org.jspecify.annotations.NullMarked;
