package io.naru.coordinator.api;

import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The first thing a request meets: turns away foreign hosts and origins, encoded bodies, paths with tricks and bodies
 * beyond the bound, before anything is read.
 */
public final class RequestGuard implements Filter {
    private final OwnNames names;
    private final int maxBodyBytes;

    /** @param maxBodyBytes largest body that is taken ({@code coordinator.limits.body-bytes}) */
    public RequestGuard(OwnNames names, int maxBodyBytes) {
        this.names = names;
        this.maxBodyBytes = maxBodyBytes;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        var http = (HttpServletRequest) request;
        try {
            check(http);
        } catch (NaruException refusal) {
            ProblemAdvice.write(refusal, http, (HttpServletResponse) response);
            return;
        }
        chain.doFilter(new BoundedBody(http, maxBodyBytes), response);
    }

    private void check(HttpServletRequest request) {
        String host = request.getHeader("Host");
        if (host != null && !names.isOurHost(host)) {
            throw new NaruException(
                    ErrorCode.FOREIGN_HOST,
                    "This coordinator does not go by the name '" + host
                            + "'. If it should, add the name to coordinator.allowed-hosts.");
        }
        String origin = request.getHeader("Origin");
        boolean reads = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
        if (origin != null && !reads && !names.isOurOrigin(origin, host)) {
            throw new NaruException(
                    ErrorCode.FOREIGN_ORIGIN, "A page of '" + origin + "' may not change anything here.");
        }
        requirePlainPath(request.getRequestURI());
        requireUnencoded(request.getHeader("Content-Encoding"));
        if (request.getContentLengthLong() > maxBodyBytes) {
            throw BoundedBody.tooLarge(maxBodyBytes);
        }
    }

    private static void requirePlainPath(String rawPath) {
        String path = rawPath.toLowerCase(Locale.ROOT).replace("%2e", ".");
        boolean dots = path.contains("/./") || path.contains("/../") || path.endsWith("/.") || path.endsWith("/..");
        if (dots || path.contains("//") || path.indexOf(';') >= 0 || path.indexOf('\\') >= 0) {
            throw new NaruException(
                    ErrorCode.INVALID_REQUEST,
                    "The path has empty or dot segments, ';' or '\\', none of which has a meaning here.");
        }
    }

    private static void requireUnencoded(@Nullable String encoding) {
        if (encoding != null && !encoding.strip().equalsIgnoreCase("identity")) {
            throw new NaruException(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                    "A body with Content-Encoding '" + encoding + "' is not taken. Send it uncompressed.");
        }
    }
}
