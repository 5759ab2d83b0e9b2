/**
 * JMH benchmarks of reading records that were sent as JSON: the broker's own scanner beside Jackson doing the same
 * work.
 */
@NullMarked
package io.naru.benchmarks.json;

import org.jspecify.annotations.NullMarked;
