package io.naru.commitlog.epoch;

/**
 * Where what the leaders up to some epoch wrote ends in a log.
 *
 * @param epoch the largest epoch of the log's that is not above the one asked for; the one asked for where there is none
 * @param endOffset offset behind the last record of that epoch; where there is none, of the first record there is
 */
public record EpochEnd(int epoch, long endOffset) {}
