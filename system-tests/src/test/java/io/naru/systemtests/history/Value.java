package io.naru.systemtests.history;

/** A value that is unique in a run: who wrote it and as the how-manieth. Written as {@code writer/number}. */
public record Value(String writer, long number) {
    /** Reads a value back; one that no writer of ours made is {@code ?/0}. */
    static Value parse(String text) {
        int slash = text.lastIndexOf('/');
        try {
            return new Value(text.substring(0, Math.max(slash, 0)), Long.parseLong(text.substring(slash + 1)));
        } catch (NumberFormatException _) {
            return new Value("?", 0);
        }
    }

    @Override
    public String toString() {
        return writer + "/" + number;
    }
}
