/**
 * Naru's benchmarks behind one front door, {@link io.naru.benchmarks.Bench}: the log by JMH, the services under load
 * generators, and what they are compared with.
 */
@NullMarked
package io.naru.benchmarks;

import org.jspecify.annotations.NullMarked;
