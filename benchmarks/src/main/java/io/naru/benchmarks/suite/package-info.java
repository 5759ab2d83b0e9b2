/** What `./naru bench` runs: each suite measures a handful of figures, once per repetition. */
@NullMarked
package io.naru.benchmarks.suite;

import org.jspecify.annotations.NullMarked;
