package io.naru.coordinator.api;

import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.util.DisconnectedClientHelper;

/**
 * Answers every failure of a handler as a problem. One that nobody foresaw is logged, and answered without its text,
 * which may hold what is no caller's business.
 */
@RestControllerAdvice
public final class ProblemAdvice {
    private static final System.Logger LOG = System.getLogger(ProblemAdvice.class.getName());

    @ExceptionHandler
    void answer(Exception failure, HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (response.isCommitted() || DisconnectedClientHelper.isClientDisconnectedException(failure)) {
            return;
        }
        response.reset();
        if (failure instanceof ErrorResponse withHeaders) {
            withHeaders.getHeaders().forEach((name, values) -> values.forEach(v -> response.addHeader(name, v)));
        }
        write(problemOf(failure, request), request, response);
    }

    private static Problem problemOf(Exception failure, HttpServletRequest request) {
        @Nullable Problem known = FailureTranslator.translate(failure, request);
        if (known != null) {
            return known;
        }
        LOG.log(System.Logger.Level.ERROR, request.getMethod() + " " + request.getRequestURI() + " failed", failure);
        return new Problem(ErrorCode.INTERNAL, "The coordinator failed to answer; its log says why.");
    }

    /** Writes a refusal as the whole answer. */
    static void write(NaruException refusal, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        write(Problem.of(refusal), request, response);
    }

    /** Writes a problem as the whole answer. */
    static void write(Problem problem, HttpServletRequest request, HttpServletResponse response) throws IOException {
        byte[] body = problem.toJson(Problem.isWrite(request.getMethod()));
        response.setStatus(problem.code().httpStatus());
        response.setContentType(Problem.MEDIA_TYPE);
        response.setHeader("Cache-Control", "no-store");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
