package io.naru.commitlog;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;

/** What lives on this JVM's heap. */
public final class Heap {
    private Heap() {}

    /** Bytes of all objects that can be reached, after everything else has been collected; a table of them, largest first. */
    public static Histogram live() {
        try {
            String table = (String) ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "gcClassHistogram",
                            new Object[] {new String[0]},
                            new String[] {String[].class.getName()});
            String total = table.strip().lines().reduce((_, last) -> last).orElseThrow();
            return new Histogram(Long.parseLong(total.strip().split("\\s+")[2]), table);
        } catch (JMException e) {
            throw new IllegalStateException("This JVM does not tell what is on its heap", e);
        }
    }

    /**
     * One look at the heap.
     *
     * @param table for people
     */
    public record Histogram(long bytes, String table) {
        /** The first lines of the table. */
        public String top() {
            return String.join("\n", table.lines().limit(40).toList());
        }
    }
}
