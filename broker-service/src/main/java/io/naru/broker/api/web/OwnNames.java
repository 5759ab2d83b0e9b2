package io.naru.broker.api.web;

import java.net.URI;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The names under which this broker is rightly called. Immutable.
 *
 * <p>A web page on another site can make its visitor's browser send requests here, and can point a name of its own at
 * this address. The first betrays itself by its {@code Origin}, the second by its {@code Host}.
 */
public final class OwnNames {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Set<String> WILDCARDS = Set.of("0.0.0.0", "::", "[::]", "0:0:0:0:0:0:0:0");
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private final Set<String> hosts = new HashSet<>(LOOPBACK);
    private final Set<String> originAuthorities = new HashSet<>();
    private final boolean anyAddress;

    /**
     * The names that follow from where this broker listens and what it tells others.
     *
     * @param bindAddress the address it listens on; with a wildcard any IP address is ours, because only names can be
     *     pointed at somebody else
     * @param advertisedUrl where clients are told to find it
     * @param allowedHosts further names, each {@code host} or {@code host:port} ({@code http.allowed-hosts})
     */
    public OwnNames(@Nullable String bindAddress, URI advertisedUrl, Collection<String> allowedHosts) {
        anyAddress = bindAddress != null && WILDCARDS.contains(bindAddress);
        if (bindAddress != null && !anyAddress) {
            hosts.add(
                    bindAddress.contains(":") && !bindAddress.startsWith("[")
                            ? lower("[" + bindAddress + "]")
                            : lower(bindAddress));
        }
        if (advertisedUrl.getHost() != null) {
            hosts.add(lower(advertisedUrl.getHost()));
            originAuthorities.add(lower(advertisedUrl.getRawAuthority()));
        }
        for (String allowed : allowedHosts) {
            hosts.add(hostOf(lower(allowed.strip())));
            originAuthorities.add(lower(allowed.strip()));
        }
    }

    /** Whether a {@code Host} header names this broker; its port is not looked at, for it may have been forwarded. */
    public boolean isOurHost(String hostHeader) {
        String host = hostOf(lower(hostHeader));
        return hosts.contains(host) || (anyAddress && isAddress(host));
    }

    /**
     * Whether an {@code Origin} header names a page that this broker itself served, or one that it was told to trust.
     *
     * @param hostHeader the request's {@code Host}, already found to be ours
     */
    public boolean isOurOrigin(String origin, @Nullable String hostHeader) {
        int schemeEnd = origin.indexOf("://");
        if (schemeEnd < 0) {
            return false;
        }
        String authority = lower(origin.substring(schemeEnd + 3));
        return authority.equals(hostHeader == null ? null : lower(hostHeader))
                || originAuthorities.contains(authority)
                || originAuthorities.contains(hostOf(authority));
    }

    private static String hostOf(String authority) {
        int bracket = authority.lastIndexOf(']');
        int colon = authority.indexOf(':', bracket < 0 ? 0 : bracket);
        return colon < 0 ? authority : authority.substring(0, colon);
    }

    private static boolean isAddress(String host) {
        return host.startsWith("[") || IPV4.matcher(host).matches();
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
