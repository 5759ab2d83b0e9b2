package io.naru.coordinator.api;

import io.naru.cluster.NaruException;
import java.util.Locale;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Turns whatever goes wrong into a problem. */
@RestControllerAdvice
public final class ProblemAdvice {
    @ExceptionHandler
    ResponseEntity<ProblemDetail> refused(NaruException e) {
        var problem =
                ProblemDetail.forStatusAndDetail(HttpStatus.valueOf(e.code().httpStatus()), e.detail());
        problem.setTitle(e.code().title());
        problem.setProperty("error_code", e.code().code());
        problem.setProperty("retriable", e.code().retriable());
        problem.setProperty("outcome", e.code().outcome().name().toLowerCase(Locale.ROOT));
        e.properties().forEach(problem::setProperty);
        return ResponseEntity.status(e.code().httpStatus())
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem);
    }
}
