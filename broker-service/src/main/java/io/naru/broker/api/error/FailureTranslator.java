package io.naru.broker.api.error;

import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.TypeMismatchException;
import org.springframework.core.codec.DecodingException;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.util.MimeType;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.MissingRequestValueException;
import org.springframework.web.server.NotAcceptableStatusException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebInputException;
import org.springframework.web.server.UnsupportedMediaTypeStatusException;

/** Finds the problem that a failure amounts to. Stateless and thread-safe. */
final class FailureTranslator {
    private FailureTranslator() {}

    /** The problem, or null for a failure nobody foresaw, whose text is not for callers. */
    static @Nullable Problem translate(Throwable failure, ServerHttpRequest request) {
        return switch (failure) {
            case NaruException e -> e.code() == ErrorCode.INTERNAL ? null : Problem.of(e);
            case CompletionException e when e.getCause() != null -> translate(e.getCause(), request);
            case ExecutionException e when e.getCause() != null -> translate(e.getCause(), request);
            case MethodNotAllowedException e -> methodNotAllowed(e, request);
            case NotAcceptableStatusException e -> notAcceptable(e);
            case UnsupportedMediaTypeStatusException e -> unsupportedMediaType(e);
            case MissingRequestValueException e ->
                new Problem(
                        ErrorCode.INVALID_PARAMETER,
                        "The " + e.getLabel() + " '" + e.getName() + "' is missing and cannot be left out.");
            case ServerWebInputException e -> invalidInput(e);
            case ResponseStatusException e -> byStatus(e.getStatusCode(), request);
            case DataBufferLimitException _ -> tooLarge();
            case DecodingException _ -> new Problem(ErrorCode.INVALID_JSON, "The body could not be read as JSON.");
            default -> null;
        };
    }

    private static Problem methodNotAllowed(MethodNotAllowedException e, ServerHttpRequest request) {
        String allowed =
                e.getSupportedMethods().stream().map(HttpMethod::name).sorted().collect(Collectors.joining(", "));
        return new Problem(
                ErrorCode.METHOD_NOT_ALLOWED,
                request.getPath().value() + " does not take " + e.getHttpMethod()
                        + (allowed.isEmpty() ? "." : "; it takes " + allowed + "."));
    }

    private static Problem notAcceptable(NotAcceptableStatusException e) {
        return new Problem(
                ErrorCode.NOT_ACCEPTABLE,
                "None of the types that Accept names can be had here; there is " + types(e.getSupportedMediaTypes())
                        + ".");
    }

    private static Problem unsupportedMediaType(UnsupportedMediaTypeStatusException e) {
        MediaType given = e.getContentType();
        return new Problem(
                ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                (given == null ? "A Content-Type is missing or unreadable" : "Content-Type " + given + " is not taken")
                        + " here; send " + types(e.getSupportedMediaTypes()) + ".");
    }

    private static String types(java.util.List<MediaType> types) {
        return types.isEmpty()
                ? MediaType.APPLICATION_JSON_VALUE
                : types.stream().map(MimeType::toString).collect(Collectors.joining(" or "));
    }

    private static Problem invalidInput(ServerWebInputException e) {
        if (e.getCause() instanceof TypeMismatchException mismatch && e.getMethodParameter() != null) {
            Class<?> wanted = e.getMethodParameter().getParameterType();
            return new Problem(
                    ErrorCode.INVALID_PARAMETER,
                    "The parameter '" + e.getMethodParameter().getParameterName() + "' takes " + describe(wanted)
                            + "; '" + mismatch.getValue() + "' is none.");
        }
        if (e.getCause() instanceof DecodingException) {
            return new Problem(ErrorCode.INVALID_JSON, "The body could not be read as JSON.");
        }
        return new Problem(ErrorCode.INVALID_REQUEST, "The request could not be understood.");
    }

    private static String describe(Class<?> type) {
        if (type == int.class || type == Integer.class) {
            return "a whole number up to " + Integer.MAX_VALUE;
        }
        if (type == long.class || type == Long.class) {
            return "a whole number";
        }
        return type == boolean.class || type == Boolean.class ? "true or false" : "another kind of value";
    }

    private static @Nullable Problem byStatus(HttpStatusCode status, ServerHttpRequest request) {
        return switch (status.value()) {
            case 404 -> pathNotFound(request);
            case 405 ->
                new Problem(ErrorCode.METHOD_NOT_ALLOWED, "The path does not take " + request.getMethod() + ".");
            case 413 -> tooLarge();
            case 415 -> new Problem(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "The Content-Type is not taken here.");
            default ->
                status.is4xxClientError()
                        ? new Problem(ErrorCode.INVALID_REQUEST, "The request could not be understood.")
                        : null;
        };
    }

    private static Problem pathNotFound(ServerHttpRequest request) {
        return new Problem(
                ErrorCode.PATH_NOT_FOUND,
                "There is nothing at " + request.getPath().value()
                        + ". GET / names what there is, and /openapi has it all.");
    }

    private static Problem tooLarge() {
        return new Problem(
                ErrorCode.BODY_TOO_LARGE,
                "The body is larger than http.max-request-bytes allows. Send less at a time.");
    }
}
