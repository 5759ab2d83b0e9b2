package io.naru.cluster;

/** What a caller may conclude about a write whose answer was an error. */
public enum Outcome {
    /** The write did not and will not take effect; sending it again cannot duplicate it. */
    NOT_APPLIED,
    /** The write may have taken effect; sending it again may store it twice. */
    UNKNOWN
}
