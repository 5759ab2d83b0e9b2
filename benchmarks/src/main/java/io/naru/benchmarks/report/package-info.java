/** What was measured: figures over repetitions, the machine they belong to, and how both are printed. */
@NullMarked
package io.naru.benchmarks.report;

import org.jspecify.annotations.NullMarked;
