package io.naru.standalone.properties;

/**
 * A property as its owner declares it.
 *
 * @param name in canonical form, such as {@code streams.chunk-bytes}
 */
record Property(String name, Shape shape) {
    /** What may follow the name. */
    enum Shape {
        /** Nothing. */
        VALUE,
        /** Nothing, or an index. */
        LIST,
        /** A key of the user's. */
        MAP
    }

    /** Whether who sets {@code asked} sets this property, or a part of it. */
    boolean covers(String asked) {
        return switch (shape) {
            case VALUE -> asked.equals(name);
            case LIST -> asked.equals(name) || asked.startsWith(name + "[");
            case MAP -> asked.startsWith(name + ".") || asked.startsWith(name + "[");
        };
    }

    /** The name as it is told to people. */
    String shown() {
        return shape == Shape.MAP ? name + ".<key>" : name;
    }
}
