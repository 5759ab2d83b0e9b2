package io.naru.broker.api.web;

import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * The query parameters one handler takes, as its method declares them: those it has bound with {@link RequestParam} and
 * those it documents with {@link Parameter}, or with an annotation that stands for some, and reads for itself.
 * Immutable.
 */
final class AcceptedParameters {
    private final Set<String> names = new TreeSet<>();
    private final Set<String> repeatable = new HashSet<>();
    private final List<String> prefixes;

    AcceptedParameters(Method handler) {
        for (java.lang.reflect.Parameter parameter : handler.getParameters()) {
            RequestParam bound = AnnotatedElementUtils.findMergedAnnotation(parameter, RequestParam.class);
            if (bound != null) {
                String name = bound.name().isEmpty() ? parameter.getName() : bound.name();
                names.add(name);
                if (Iterable.class.isAssignableFrom(parameter.getType())) {
                    repeatable.add(name);
                }
            }
        }
        documented(handler)
                .filter(parameter ->
                        parameter.in() == ParameterIn.QUERY && !parameter.name().isEmpty())
                .forEach(parameter -> names.add(parameter.name()));
        AcceptsPrefix accepted = AnnotatedElementUtils.findMergedAnnotation(handler, AcceptsPrefix.class);
        prefixes = accepted == null ? List.of() : List.of(accepted.value());
    }

    private static Stream<Parameter> documented(Method handler) {
        @Nullable Operation operation = handler.getAnnotation(Operation.class);
        return Stream.concat(
                AnnotatedElementUtils.getMergedRepeatableAnnotations(handler, Parameter.class).stream(),
                operation == null ? Stream.empty() : Arrays.stream(operation.parameters()));
    }

    /**
     * Refuses parameters the handler does not know, and a second value where it looks at one.
     *
     * @throws NaruException {@code UNKNOWN_PARAMETER} or {@code INVALID_PARAMETER}, naming the parameter
     */
    void check(Query query) {
        for (int i = 0; i < query.size(); i++) {
            String name = query.name(i);
            if (!names.contains(name) && !hasPrefix(name)) {
                throw new NaruException(
                        ErrorCode.UNKNOWN_PARAMETER,
                        "There is no parameter '" + name + "' here"
                                + (names.isEmpty() ? "; the call takes none." : "; there is " + all() + "."));
            }
            if (query.indexOf(name) != i && !repeatable.contains(name) && names.contains(name)) {
                throw new NaruException(
                        ErrorCode.INVALID_PARAMETER, "The parameter '" + name + "' is given twice; give it once.");
            }
        }
    }

    private boolean hasPrefix(String name) {
        return prefixes.stream().anyMatch(prefix -> name.startsWith(prefix) && name.length() > prefix.length());
    }

    private String all() {
        return String.join(", ", names) + (prefixes.isEmpty() ? "" : ", " + String.join("…, ", prefixes) + "…");
    }
}
