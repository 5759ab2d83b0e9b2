package io.naru.benchmarks.load;

/**
 * What a load measured.
 *
 * @param perSecond answers a second (a stream: receipts a second) within the measured time
 * @param latency from when each was meant to be sent until its answer was read
 * @param generatorBusy share of one core that the sending and receiving thread used; near 1 the generator is the limit
 */
public record LoadResult(double perSecond, Percentiles latency, double generatorBusy) {}
