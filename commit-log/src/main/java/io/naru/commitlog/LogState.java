package io.naru.commitlog;

import java.io.IOException;

/** Whether a log takes appends, and why not. Reading is possible in every state but {@link Closed}. */
public sealed interface LogState {
    /** It takes appends. */
    record Writable() implements LogState {}

    /**
     * The disk failed; for good, since nobody knows any more what it holds.
     *
     * @param cause what the disk said
     */
    record Fenced(IOException cause) implements LogState {}

    /**
     * Opening found bytes that must not be cut off without being asked: acknowledged records may be among them. Reads
     * see what lies before them. {@link CommitLog#acceptDamage} goes on without them.
     *
     * @param reason what was found, where, and what to do
     */
    record Damaged(String reason) implements LogState {}

    /** It was closed or deleted. */
    record Closed() implements LogState {}
}
