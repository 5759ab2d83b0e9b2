package io.naru.broker.api.v1.read;

import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.util.InvalidMimeTypeException;
import org.springframework.util.MimeTypeUtils;

/**
 * The media types one call can answer in, the one for whoever does not care first.
 *
 * @param types from the first choice down
 */
public record Offers(List<MediaType> types) {
    /** Whole record batches, as they lie in the log. */
    public static final MediaType RECORD_BATCHES = MediaType.parseMediaType("application/vnd.naru.record-batch");

    public Offers {
        types = List.copyOf(types);
    }

    public static Offers of(MediaType... types) {
        return new Offers(List.of(types));
    }

    /**
     * The type that suits a request's {@code Accept} best.
     *
     * @throws NaruException {@code NOT_ACCEPTABLE}
     */
    public MediaType choose(ServerHttpRequest request) {
        List<MediaType> accepted = accepted(request);
        if (accepted.isEmpty()) {
            return types.getFirst();
        }
        for (MediaType wanted : accepted) {
            for (MediaType offered : types) {
                if (wanted.getQualityValue() > 0 && wanted.includes(offered)) {
                    return offered;
                }
            }
        }
        throw refused();
    }

    private List<MediaType> accepted(ServerHttpRequest request) {
        try {
            List<MediaType> accepted = request.getHeaders().getAccept();
            MimeTypeUtils.sortBySpecificity(accepted);
            return accepted;
        } catch (InvalidMediaTypeException | InvalidMimeTypeException _) {
            throw refused();
        }
    }

    private NaruException refused() {
        String offered = types.stream().map(MediaType::toString).collect(Collectors.joining(", "));
        return new NaruException(
                ErrorCode.NOT_ACCEPTABLE, "Accept names no type that this call answers in; it has " + offered + ".");
    }
}
