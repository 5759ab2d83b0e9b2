package io.naru.broker.config;

import io.naru.broker.api.v1.read.Answers;
import io.naru.broker.api.v1.read.LongPolls;
import io.naru.broker.api.v1.stream.Streams;

/** What the reading calls share, and how they end. Thread-safe. */
public final class ReadApi implements AutoCloseable {
    private final Answers answers;
    private final LongPolls polls;
    private final Streams streams;

    ReadApi(Answers answers, LongPolls polls, Streams streams) {
        this.answers = answers;
        this.polls = polls;
        this.streams = streams;
    }

    Answers answers() {
        return answers;
    }

    LongPolls polls() {
        return polls;
    }

    Streams streams() {
        return streams;
    }

    /**
     * Ends what would otherwise last: streams say that the broker is stopping, waiting requests answer with what there
     * is. Call it when the server stops taking connections and before it waits for requests to end. Returns at once.
     */
    public void shutdown() {
        streams.shutdown();
        polls.shutdown();
    }

    @Override
    public void close() {
        shutdown();
        streams.close();
    }
}
