package io.naru.commitlog.producer;

/** What is to become of a batch that names its producer. */
public sealed interface Verdict {
    /** It is new, and next in order: append it. */
    Verdict APPEND = new Append();

    /** It is new, and next in order. */
    record Append() implements Verdict {}

    /**
     * It is in the log already: answer where. Its fate is that of the one there, whether known yet or not.
     *
     * @param maxTimestamp largest timestamp of the records there, epoch ms
     */
    record Duplicate(long baseOffset, long lastOffset, long maxTimestamp) implements Verdict {}

    /** It must not be appended. */
    sealed interface Refusal extends Verdict {}

    /**
     * Batches before it are missing, or it is so old that nobody knows it any more.
     *
     * @param expectedSequence sequence number that the producer's next record should have
     */
    record OutOfOrder(int expectedSequence) implements Refusal {}

    /**
     * Another incarnation of the producer has taken over.
     *
     * @param currentEpoch of that one
     */
    record Fenced(short currentEpoch) implements Refusal {}

    /**
     * There is no room to remember another producer; later there may be.
     *
     * @param limit how many are remembered
     */
    record TooManyProducers(int limit) implements Refusal {}

    /**
     * There is no room to remember another reserved identity; later there may be.
     *
     * @param limit how many are remembered
     */
    record TooManyKeys(int limit) implements Refusal {}
}
