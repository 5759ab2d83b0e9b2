package io.naru.coordinator.api;

import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Enumeration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/** Refuses query parameters that our own handlers do not know, and a second value where they look at one. */
public final class StrictParameters implements HandlerInterceptor {
    private final ConcurrentHashMap<Method, Set<String>> accepted = new ConcurrentHashMap<>();

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (handler instanceof HandlerMethod method
                && method.getBeanType().getPackage() == StrictParameters.class.getPackage()) {
            Set<String> names = accepted.computeIfAbsent(method.getMethod(), StrictParameters::namesOf);
            Enumeration<String> given = request.getParameterNames();
            while (given.hasMoreElements()) {
                check(given.nextElement(), names, request);
            }
        }
        return true;
    }

    private static void check(String name, Set<String> names, HttpServletRequest request) {
        if (!names.contains(name)) {
            throw new NaruException(
                    ErrorCode.UNKNOWN_PARAMETER,
                    "There is no parameter '" + name + "' here"
                            + (names.isEmpty()
                                    ? "; the call takes none."
                                    : "; there is " + String.join(", ", names) + "."));
        }
        if (request.getParameterValues(name).length > 1) {
            throw new NaruException(
                    ErrorCode.INVALID_PARAMETER, "The parameter '" + name + "' is given twice; give it once.");
        }
    }

    private static Set<String> namesOf(Method handler) {
        var names = new TreeSet<String>();
        for (Parameter parameter : handler.getParameters()) {
            RequestParam bound = parameter.getAnnotation(RequestParam.class);
            if (bound != null) {
                names.add(bound.name().isEmpty() ? parameter.getName() : bound.name());
            }
        }
        return names;
    }
}
