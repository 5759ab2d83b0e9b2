package io.naru.broker.partition;

/** When an append counts as done. */
public enum Acks {
    /** Below the high watermark: every in-sync replica holds it, in the way the topic's flush configs demand. */
    ALL,
    /** In the leader's log; lost if the leader is lost before others have it. */
    LEADER
}
