/**
 * The load generators: HTTP/1.1 over loopback with prebuilt requests and one selector thread, so that a small machine
 * spends its time in the server under test. Latencies are counted from when a request was meant to be sent.
 */
@NullMarked
package io.naru.benchmarks.load;

import org.jspecify.annotations.NullMarked;
