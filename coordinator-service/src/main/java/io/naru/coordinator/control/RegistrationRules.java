package io.naru.coordinator.control;

import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import io.naru.cluster.protocol.BrokerRegistration;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/** Which registrations make sense at all. They arrive over the network, so that nothing in them is taken on trust. */
final class RegistrationRules {
    private static final int MAX_URL_LENGTH = 2048;
    private static final int MAX_RACK_LENGTH = 255;

    private RegistrationRules() {}

    /** @throws NaruException with {@link ErrorCode#INVALID_REQUEST} and the rule that was broken */
    static void requireWellFormed(int brokerId, BrokerRegistration registration) {
        if (brokerId < 0) {
            throw refused("A broker id is 0 or more; " + brokerId + " is not.");
        }
        requirePresent("incarnation", registration.incarnation());
        requirePresent("directory_id", registration.directoryId());
        requirePresent("url", registration.url());
        requireUrl(registration.url());
        String rack = registration.rack();
        if (rack != null && (rack.isBlank() || rack.length() > MAX_RACK_LENGTH)) {
            throw refused("A rack has 1 to " + MAX_RACK_LENGTH + " characters, or is left out.");
        }
    }

    private static void requirePresent(String field, @Nullable Object value) {
        if (value == null) {
            throw refused("A registration needs " + field + ".");
        }
    }

    private static void requireUrl(String url) {
        String rule = "A broker's url is http:// or https:// with a host, at most " + MAX_URL_LENGTH + " characters.";
        if (url.length() > MAX_URL_LENGTH) {
            throw refused(rule);
        }
        try {
            URI uri = new URI(url);
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (!http || uri.getHost() == null) {
                throw refused(rule);
            }
        } catch (URISyntaxException _) {
            throw refused(rule);
        }
    }

    private static NaruException refused(String detail) {
        return new NaruException(ErrorCode.INVALID_REQUEST, detail);
    }
}
