package io.naru.coordinator.api;

import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.PropertyBindingException;
import tools.jackson.databind.exc.ValueInstantiationException;

/** Finds the problem that a failure amounts to. Stateless and thread-safe. */
final class FailureTranslator {
    private FailureTranslator() {}

    /** The problem, or null for a failure nobody foresaw. */
    static @Nullable Problem translate(Exception failure, HttpServletRequest request) {
        return switch (failure) {
            case NaruException e -> Problem.of(e);
            case HttpMessageNotReadableException e -> unreadable(e.getCause());
            case NoHandlerFoundException _, NoResourceFoundException _ ->
                new Problem(ErrorCode.PATH_NOT_FOUND, Problem.notFound(request.getRequestURI()));
            case HttpRequestMethodNotSupportedException e -> methodNotAllowed(e, request);
            case HttpMediaTypeNotSupportedException e -> unsupported(e);
            case HttpMediaTypeNotAcceptableException e ->
                new Problem(
                        ErrorCode.NOT_ACCEPTABLE,
                        "None of the types that Accept names can be had here; there is "
                                + types(e.getSupportedMediaTypes()) + ".");
            case MethodArgumentTypeMismatchException e -> mismatch(e);
            case MissingServletRequestParameterException e ->
                new Problem(
                        ErrorCode.INVALID_PARAMETER,
                        "The parameter '" + e.getParameterName() + "' is missing and cannot be left out.");
            case ErrorResponse e
            when e.getStatusCode().is4xxClientError() ->
                Problem.of(e.getStatusCode().value(), request.getRequestURI());
            default -> null;
        };
    }

    private static Problem unreadable(@Nullable Throwable cause) {
        return switch (cause) {
            case null -> new Problem(ErrorCode.INVALID_REQUEST, "The body is missing; send a JSON object.");
            case PropertyBindingException e ->
                new Problem(
                        ErrorCode.UNKNOWN_FIELD,
                        "There is no field '" + e.getPropertyName() + "' here; there is " + names(e) + ".");
            case InputCoercionException _ ->
                new Problem(ErrorCode.INVALID_REQUEST, "The body has a number that is out of range where it stands.");
            case StreamReadException e -> notJson(e);
            case StreamConstraintsException e -> notJson(e);
            case ValueInstantiationException _ ->
                new Problem(
                        ErrorCode.INVALID_REQUEST,
                        "The body lacks a field that cannot be left out, or has null there. /openapi describes it.");
            case MismatchedInputException e ->
                new Problem(
                        ErrorCode.INVALID_REQUEST,
                        "The body does not fit" + field(e) + ", which takes " + kind(e.getTargetType()) + ".");
            case DatabindException e ->
                new Problem(ErrorCode.INVALID_REQUEST, "The body does not fit" + field(e) + ".");
            case JacksonException e -> notJson(e);
            default -> new Problem(ErrorCode.INVALID_REQUEST, "The body could not be read.");
        };
    }

    private static Problem notJson(JacksonException e) {
        return new Problem(ErrorCode.INVALID_JSON, "The body is no JSON: " + e.getOriginalMessage());
    }

    private static String names(PropertyBindingException e) {
        Collection<Object> known = e.getKnownPropertyIds();
        return known == null || known.isEmpty()
                ? "none"
                : known.stream().map(String::valueOf).sorted().collect(Collectors.joining(", "));
    }

    private static String field(DatabindException e) {
        String path = e.getPath().stream()
                .map(JacksonException.Reference::getPropertyName)
                .filter(name -> name != null)
                .collect(Collectors.joining("."));
        return path.isEmpty() ? "" : " at '" + path + "'";
    }

    private static String kind(@Nullable Class<?> type) {
        if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
            return "a whole number";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == UUID.class) {
            return "a UUID";
        }
        return type == String.class ? "a text" : "another kind of value, as /openapi describes";
    }

    private static Problem methodNotAllowed(HttpRequestMethodNotSupportedException e, HttpServletRequest request) {
        String[] supported = e.getSupportedMethods();
        return new Problem(
                ErrorCode.METHOD_NOT_ALLOWED,
                request.getRequestURI() + " does not take " + e.getMethod()
                        + (supported == null ? "." : "; it takes " + String.join(", ", supported) + "."));
    }

    private static Problem unsupported(HttpMediaTypeNotSupportedException e) {
        MediaType given = e.getContentType();
        return new Problem(
                ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                (given == null
                                ? "The Content-Type is missing or unreadable"
                                : "Content-Type " + given + " is not taken")
                        + " here; send " + types(e.getSupportedMediaTypes()) + ".");
    }

    private static Problem mismatch(MethodArgumentTypeMismatchException e) {
        Class<?> wanted = e.getRequiredType();
        boolean small = wanted == int.class;
        return new Problem(
                ErrorCode.INVALID_PARAMETER,
                "'" + e.getName() + "' takes a whole number" + (small ? " up to " + Integer.MAX_VALUE : "") + "; '"
                        + e.getValue() + "' is none.");
    }

    private static String types(List<MediaType> types) {
        return types.isEmpty()
                ? MediaType.APPLICATION_JSON_VALUE
                : types.stream().map(MediaType::toString).collect(Collectors.joining(" or "));
    }
}
