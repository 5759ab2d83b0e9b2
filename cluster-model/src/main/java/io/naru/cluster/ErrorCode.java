package io.naru.cluster;

import static io.naru.cluster.Outcome.NOT_APPLIED;
import static io.naru.cluster.Outcome.UNKNOWN;

/**
 * Every error a caller can meet, with its stable number, HTTP status, whether the same request may succeed later, and
 * what became of the write. The first three digits of {@link #code} are the status; numbers are never reused.
 */
public enum ErrorCode {
    INVALID_REQUEST(40001, "Invalid request", false, NOT_APPLIED),
    INVALID_JSON(40002, "Invalid JSON", false, NOT_APPLIED),
    UNKNOWN_FIELD(40003, "Unknown field", false, NOT_APPLIED),
    UNKNOWN_PARAMETER(40004, "Unknown parameter", false, NOT_APPLIED),
    INVALID_PARAMETER(40005, "Invalid parameter", false, NOT_APPLIED),
    INVALID_RECORD(40006, "Invalid record", false, NOT_APPLIED),
    INVALID_CURSOR(40007, "Invalid cursor", false, NOT_APPLIED),
    CORRUPT_BATCH(40008, "Corrupt record batch", false, NOT_APPLIED),

    FOREIGN_ORIGIN(40301, "Foreign origin", false, NOT_APPLIED),
    FOREIGN_HOST(40302, "Foreign host", false, NOT_APPLIED),
    FOREIGN_CLUSTER(40304, "Foreign cluster", false, NOT_APPLIED),
    /** A producer goes on though another incarnation of it has taken over. */
    PRODUCER_FENCED(40305, "Producer fenced", false, NOT_APPLIED),

    PATH_NOT_FOUND(40400, "Path not found", false, NOT_APPLIED),
    TOPIC_NOT_FOUND(40401, "Topic not found", false, NOT_APPLIED),
    PARTITION_NOT_FOUND(40402, "Partition not found", false, NOT_APPLIED),
    RECORD_NOT_FOUND(40404, "Record not found", false, NOT_APPLIED),
    BROKER_NOT_FOUND(40405, "Broker not found", false, NOT_APPLIED),
    METHOD_NOT_ALLOWED(40500, "Method not allowed", false, NOT_APPLIED),
    NOT_ACCEPTABLE(40600, "Not acceptable", false, NOT_APPLIED),
    BODY_TIMED_OUT(40801, "Body timed out", true, NOT_APPLIED),

    TOPIC_EXISTS(40901, "Topic exists", false, NOT_APPLIED),
    DUPLICATE_BROKER_ID(40904, "Broker id in use", true, NOT_APPLIED),
    STALE_BROKER_EPOCH(40905, "Stale broker epoch", false, NOT_APPLIED),
    /** A producer's batch does not follow the one before it, or is too old for anybody to know what became of it. */
    OUT_OF_ORDER_SEQUENCE(40906, "Sequence out of order", false, NOT_APPLIED),
    OFFSET_BELOW_LOG_START(41001, "Offset below the log start", false, NOT_APPLIED),
    PRECONDITION_FAILED(41201, "Precondition failed", false, NOT_APPLIED),
    BODY_TOO_LARGE(41301, "Body too large", false, NOT_APPLIED),
    RECORD_TOO_LARGE(41302, "Record too large", false, NOT_APPLIED),
    UNSUPPORTED_MEDIA_TYPE(41500, "Unsupported media type", false, NOT_APPLIED),

    OFFSET_ABOVE_LOG_END(42205, "Offset above the log end", false, NOT_APPLIED),
    IMPOSSIBLE_ASSIGNMENT(42206, "Impossible assignment", false, NOT_APPLIED),
    INVALID_TOPIC_NAME(42207, "Invalid topic name", false, NOT_APPLIED),
    INVALID_CONFIG(42208, "Invalid topic config", false, NOT_APPLIED),
    OFFSET_ABOVE_HIGH_WATERMARK(42209, "Offset above the high watermark", false, NOT_APPLIED),
    IDEMPOTENCY_KEY_REUSED(42210, "Idempotency key reused", false, NOT_APPLIED),
    TOO_MANY_STREAMS(42901, "Too many streams", true, NOT_APPLIED),
    TOO_MANY_IDEMPOTENCY_KEYS(42902, "Too many idempotency keys", true, NOT_APPLIED),
    TOO_MANY_PRODUCERS(42903, "Too many producers", true, NOT_APPLIED),

    INTERNAL(50000, "Internal error", false, UNKNOWN),
    STORAGE_FAILED(50301, "Storage failed", true, NOT_APPLIED),
    COORDINATOR_UNAVAILABLE(50303, "Coordinator unavailable", true, NOT_APPLIED),
    LEADER_UNAVAILABLE(50304, "Leader unavailable", true, NOT_APPLIED),
    OVERLOADED(50305, "Overloaded", true, NOT_APPLIED),
    SHUTTING_DOWN(50306, "Shutting down", true, NOT_APPLIED),
    NOT_READY(50307, "Not ready", true, NOT_APPLIED),
    /** The write reached a log but could not be confirmed: its force failed, or leadership went away. */
    UNCONFIRMED(50308, "Write unconfirmed", true, UNKNOWN),
    TIMED_OUT(50401, "Timed out", true, UNKNOWN),
    STORAGE_FULL(50701, "Storage full", true, NOT_APPLIED);

    private final int code;
    private final String title;
    private final boolean retriable;
    private final Outcome outcome;

    ErrorCode(int code, String title, boolean retriable, Outcome outcome) {
        this.code = code;
        this.title = title;
        this.retriable = retriable;
        this.outcome = outcome;
    }

    /** The stable number callers match on, for instance 40401. */
    public int code() {
        return code;
    }

    /** The HTTP status, 400 to 599. */
    public int httpStatus() {
        return code / 100;
    }

    /** A few words that name the kind of error, the same for every occurrence. */
    public String title() {
        return title;
    }

    /** Whether the same request, unchanged, may succeed later. */
    public boolean retriable() {
        return retriable;
    }

    /** What became of the write, where the request was one. */
    public Outcome outcome() {
        return outcome;
    }

    /** The code with this number, for answers that came over the wire; {@link #INTERNAL} when the number is newer. */
    public static ErrorCode of(int code) {
        for (ErrorCode candidate : values()) {
            if (candidate.code == code) {
                return candidate;
            }
        }
        return INTERNAL;
    }
}
