package io.naru.coordinator.api;

import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The names under which this coordinator is rightly called. Immutable.
 *
 * <p>Any web page can make its visitor's browser send requests here, and can point a name of its own at this address:
 * the first shows in {@code Origin}, the second in {@code Host}.
 */
public final class OwnNames {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Set<String> WILDCARDS = Set.of("0.0.0.0", "::", "[::]", "0:0:0:0:0:0:0:0");
    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[.*]");

    private final Set<String> hosts = new HashSet<>(LOOPBACK);
    private final boolean anyAddress;

    /**
     * The names that follow from where this coordinator listens and what it was told.
     *
     * @param bindAddress the address it listens on, null or a wildcard for all: then any IP address is ours, because
     *     only a name can be pointed at somebody else
     * @param allowed further host names ({@code coordinator.allowed-hosts})
     */
    public OwnNames(@Nullable String bindAddress, Collection<String> allowed) {
        anyAddress = bindAddress == null || WILDCARDS.contains(bindAddress);
        if (bindAddress != null && !anyAddress) {
            boolean bareIpv6 = bindAddress.contains(":") && !bindAddress.startsWith("[");
            hosts.add(lower(bareIpv6 ? "[" + bindAddress + "]" : bindAddress));
        }
        for (String name : allowed) {
            hosts.add(lower(name.strip()));
        }
    }

    /** Whether a {@code Host} header names this coordinator; its port is not looked at, for it may be forwarded. */
    boolean isOurHost(String hostHeader) {
        String host = lower(hostHeader);
        int colon = host.indexOf(':', Math.max(0, host.lastIndexOf(']')));
        String name = colon < 0 ? host : host.substring(0, colon);
        return hosts.contains(name) || (anyAddress && ADDRESS.matcher(name).matches());
    }

    /**
     * Whether an {@code Origin} header names a page that came from here.
     *
     * @param hostHeader the request's {@code Host}, already found to be ours
     */
    boolean isOurOrigin(String origin, @Nullable String hostHeader) {
        int schemeEnd = origin.indexOf("://");
        return schemeEnd >= 0
                && hostHeader != null
                && lower(origin.substring(schemeEnd + 3)).equals(lower(hostHeader));
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
