package io.naru.standalone.properties;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The properties that can be set. A misspelt one would otherwise be taken and do nothing. Immutable; making it reads
 * the metadata of some dozen jars, which takes tens of milliseconds.
 */
public final class KnownProperties {
    private final List<Property> all;

    private KnownProperties(List<Property> all) {
        this.all = all;
    }

    /** What both services know. */
    public static KnownProperties ofBothServices() {
        return new KnownProperties(
                Stream.concat(ServiceProperties.all(), SpringProperties.all()).toList());
    }

    /** Whether setting this has a meaning. */
    public boolean contains(String name) {
        return all.stream().anyMatch(property -> property.covers(name));
    }

    /** The known name that takes the fewest changes of a character, if those are few enough to be meant. */
    public Optional<String> nearest(String name) {
        int most = Math.max(2, name.length() / 3);
        String nearest = null;
        for (Property property : all) {
            int changes = EditDistance.between(name, property.name());
            if (changes <= most) {
                most = changes - 1;
                nearest = property.shown();
            }
        }
        return Optional.ofNullable(nearest);
    }
}
