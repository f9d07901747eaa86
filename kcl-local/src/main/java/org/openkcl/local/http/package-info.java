/** The model's HTTP face: Kinesis requests in JSON and CBOR over HTTP/1.1 and HTTP/2. */
@NullMarked
package org.openkcl.local.http;

import org.jspecify.annotations.NullMarked;
