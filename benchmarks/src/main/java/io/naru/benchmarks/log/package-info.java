/**
 * JMH benchmarks of the commit log, and of what the machine can do without it: the limits the log's figures are put
 * beside. {@code LogFigures}, in the package of the suites, says what each one means.
 */
@NullMarked
package io.naru.benchmarks.log;

import org.jspecify.annotations.NullMarked;
