package io.naru.systemtests.history;

/** One promise that was broken, with the values and places that show it. */
public record Violation(Kind kind, String evidence) {
    /** Which promise. */
    public enum Kind {
        /** Acknowledged, and not there. */
        LOST,
        /** One value at two offsets, or the same record handed out twice. */
        DUPLICATE,
        /** There, but not where its receipt said. */
        MOVED,
        /** Handed out, or stored, in another order than written. */
        REORDERED,
        /** An offset that was passed over. */
        HOLE,
        /** A value nobody wrote. */
        INVENTED
    }
}
