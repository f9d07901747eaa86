/** The conformance tester: whether a child in any language keeps to the protocol. */
@NullMarked
package org.openkcl.multilang.conformance;

import org.jspecify.annotations.NullMarked;
